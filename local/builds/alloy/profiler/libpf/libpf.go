// Package libpf stands in for the part of the eBPF profiler by which Alloy's runtime names the programs that it would profile: the runtime
// pulls it in, no component of this build uses it, and module proxies do not serve the fork that Alloy names.
package libpf

// FileID would be the hash of a program's file.
type FileID uint64

// Hash32 is for caches.
func (id FileID) Hash32() uint32 { return uint32(id) }

// StringNoQuotes would be the hash's digits.
func (FileID) StringNoQuotes() string { return "" }

// String would be an interned string.
type String struct{}

func (String) String() string { return "" }

// FrameMappingFileData describes a program's file.
type FrameMappingFileData struct {
	FileID     FileID
	FileName   String
	GnuBuildID string
}
