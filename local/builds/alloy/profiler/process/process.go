// Package process stands in for the profiler's view of processes.
package process

import "io"

// ReadAtCloser is a program's file.
type ReadAtCloser interface {
	io.ReaderAt
	io.Closer
}
