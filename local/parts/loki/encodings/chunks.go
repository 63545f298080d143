package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math"
	"math/rand"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/grafana/loki/v3/pkg/chunkenc"
	"github.com/grafana/loki/v3/pkg/compression"
	"github.com/grafana/loki/v3/pkg/iter"
	"github.com/grafana/loki/v3/pkg/logproto"
	"github.com/grafana/loki/v3/pkg/logql/log"
	"github.com/prometheus/prometheus/model/labels"
	"golang.org/x/sync/errgroup"
	"golang.org/x/sys/unix"
)

// Loki's defaults: chunk_block_size, chunk_target_size and concurrent_flushes of the ingester, max_chunk_batch_size of the querier, and the
// chunk format of schema v13.
const (
	blockSize         = 256 << 10
	targetSize        = 1536 << 10
	chunkFormat       = chunkenc.ChunkFormatV4
	chunkBatch        = 50
	concurrentFlushes = 32
)

// stream is what one container logged.
type stream []logproto.Entry

type digest [sha256.Size]byte

// readStreams makes a stream of each file. Lines get times that differ from each other as real ones do, and the structured metadata that
// Alloy and Loki add by default.
func readStreams(files []string) (streams []stream, lines, size int, err error) {
	for number, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, 0, 0, err
		}
		random := rand.New(rand.NewSource(int64(number)))
		metadata := []logproto.LabelAdapter{{Name: "pod", Value: fmt.Sprintf("web-7d4b9c6f5d-%05d", number)}, {Name: "detected_level", Value: "info"}}
		at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		var entries stream
		for line := range strings.Lines(string(content)) {
			line = strings.TrimRight(line, "\r\n")
			if line == "" {
				continue
			}
			at = at.Add(time.Duration(1 + random.ExpFloat64()*float64(5*time.Millisecond)))
			entries = append(entries, logproto.Entry{Timestamp: at, Line: line, StructuredMetadata: metadata})
			size += len(line)
		}
		if len(entries) > 0 {
			streams = append(streams, entries)
			lines += len(entries)
		}
	}
	return streams, lines, size, nil
}

// reordered is every second line before its predecessor, as when two pushes overtake each other on their way to one of the replicas.
func reordered(streams []stream) []stream {
	swapped := make([]stream, len(streams))
	for i, entries := range streams {
		swapped[i] = append(stream(nil), entries...)
		for j := 1; j < len(entries); j += 2 {
			swapped[i][j-1], swapped[i][j] = entries[j], entries[j-1]
		}
	}
	return swapped
}

// write makes the chunks that an ingester makes of the streams, as they are stored. Streams come in another order each time: no chunk may
// depend on what its compressor had before.
func write(streams []stream, codec compression.Codec) ([][]byte, error) {
	ofStreams := make([][][]byte, len(streams))
	for _, number := range rand.Perm(len(streams)) {
		chunks, err := writeStream(streams[number], codec)
		if err != nil {
			return nil, err
		}
		ofStreams[number] = chunks
	}
	return slices.Concat(ofStreams...), nil
}

func writeStream(entries stream, codec compression.Codec) (chunks [][]byte, err error) {
	chunk := newChunk(codec)
	cut := func() error {
		if err := chunk.Close(); err != nil {
			return err
		}
		stored, err := chunk.Bytes()
		chunks = append(chunks, stored)
		return err
	}
	for i := range entries {
		if !chunk.SpaceFor(&entries[i]) {
			if err := cut(); err != nil {
				return nil, err
			}
			chunk = newChunk(codec)
		}
		if _, err := chunk.Append(&entries[i]); err != nil {
			return nil, err
		}
	}
	err = cut()
	return chunks, err
}

// writeBeside is write while other streams are compressed.
func writeBeside(streams []stream, codec compression.Codec) (chunks [][]byte, err error) {
	var others sync.WaitGroup
	for range 3 {
		others.Go(func() { _, _ = write(reordered(streams), codec) })
	}
	chunks, err = write(streams, codec)
	others.Wait()
	return chunks, err
}

func newChunk(codec compression.Codec) *chunkenc.MemChunk {
	return chunkenc.NewMemChunk(chunkFormat, codec, chunkenc.ChunkHeadFormatFor(chunkFormat), blockSize, targetSize)
}

// read takes every line out of stored chunks, as a querier does.
func read(chunks [][]byte) (lines int, err error) {
	for _, stored := range chunks {
		entries, err := open(stored)
		if err != nil {
			return 0, err
		}
		for entries.Next() {
			lines++
		}
		if err := entries.Err(); err != nil {
			return 0, err
		}
		if err := entries.Close(); err != nil {
			return 0, err
		}
	}
	return lines, nil
}

func open(stored []byte) (iter.EntryIterator, error) {
	chunk, err := chunkenc.NewByteChunk(stored, blockSize, targetSize)
	if err != nil {
		return nil, err
	}
	pipeline := log.NewNoopPipeline().ForStream(labels.EmptyLabels())
	return chunk.Iterator(context.Background(), time.Unix(0, 0), time.Unix(0, math.MaxInt64), logproto.FORWARD, pipeline)
}

// openBytes is the memory that is taken to begin reading a batch of chunks side by side, as a querier does that merges streams.
func openBytes(stored []byte) (int, error) {
	readers := make([]iter.EntryIterator, chunkBatch)
	return allocating(func() error {
		for i := range readers {
			entries, err := open(stored)
			if err != nil {
				return err
			}
			if !entries.Next() {
				return fmt.Errorf("a chunk without lines: %w", entries.Err())
			}
			readers[i] = entries
		}
		return nil
	})
}

// flushBytes is the memory that is taken to compress the last block of as many chunks as an ingester flushes at once.
func flushBytes(entries stream, codec compression.Codec) (int, error) {
	chunks := make([]*chunkenc.MemChunk, concurrentFlushes)
	for i := range chunks {
		chunks[i] = newChunk(codec)
		for j := range entries {
			if chunks[i].UncompressedSize()+len(entries[j].Line) > blockSize*3/4 {
				continue
			}
			if _, err := chunks[i].Append(&entries[j]); err != nil {
				return 0, err
			}
		}
	}
	return allocating(func() error {
		var flushes errgroup.Group
		for _, chunk := range chunks {
			flushes.Go(chunk.Close)
		}
		return flushes.Wait()
	})
}

// allocating is the memory that work takes when no reader or writer is left over from other work.
func allocating(work func() error) (int, error) {
	runtime.GC()
	runtime.GC() // pools keep for one collection what was put into them
	before := allocated()
	err := work()
	return int(allocated() - before), err
}

func allocated() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.TotalAlloc
}

func digestsOf(chunks [][]byte) []digest {
	digests := make([]digest, len(chunks))
	for i, chunk := range chunks {
		digests[i] = sha256.Sum256(chunk)
	}
	return digests
}

// processorTime is what this process has used so far: it does not grow while other processes have the processor, as the clock does.
func processorTime() int64 {
	var used unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &used); err != nil {
		panic(err)
	}
	return used.Nano()
}
