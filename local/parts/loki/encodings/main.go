// Command encodings measures what each encoding of Loki's chunks costs, with Loki's own chunk code and the sizes that it has by default. It
// reads from standard input which encodings and which log files, and writes its measurements to standard output, both as JSON.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"slices"

	"github.com/grafana/loki/v3/pkg/compression"
)

// task is what is asked for.
type task struct {
	Encodings []string `json:"encodings"`
	Rounds    int      `json:"rounds"`
	Sources   []source `json:"sources"`
}

// source is a kind of logs; each of its files is a stream of its own.
type source struct {
	Kind  string   `json:"kind"`
	Files []string `json:"files"`
}

// measurement is one encoding with the logs of one kind.
type measurement struct {
	Kind        string `json:"kind"`
	Encoding    string `json:"encoding"`
	Lines       int    `json:"lines"`
	RawBytes    int    `json:"rawBytes"`
	StoredBytes int    `json:"storedBytes"`
	Chunks      int    `json:"chunks"`
	// Processor time of each round.
	WriteNanoseconds []int64 `json:"writeNanoseconds"`
	ReadNanoseconds  []int64 `json:"readNanoseconds"`
	// Chunks that were the same bytes in every round, whatever had been compressed before and beside them.
	IdenticalChunks int `json:"identicalChunks"`
	// Those that are so even if every second line arrives before its predecessor.
	ReorderedChunks int `json:"reorderedChunks"`
	// Memory that is taken to begin reading 50 chunks, and to flush 32.
	OpenBytes  int `json:"openBytes"`
	FlushBytes int `json:"flushBytes"`
}

// result is everything that was measured, and with what.
type result struct {
	Cores        int           `json:"cores"`
	GoVersion    string        `json:"goVersion"`
	Measurements []measurement `json:"measurements"`
}

func main() {
	var asked task
	err := json.NewDecoder(os.Stdin).Decode(&asked)
	if err == nil {
		var measured result
		if measured, err = measure(asked); err == nil {
			err = json.NewEncoder(os.Stdout).Encode(measured)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// pair is a kind of logs under one encoding, over the rounds.
type pair struct {
	measurement
	codec     compression.Codec
	streams   []stream
	digests   []digest
	identical []bool
}

func measure(asked task) (result, error) {
	var kinds [][]*pair
	for _, source := range asked.Sources {
		streams, lines, size, err := readStreams(source.Files)
		if err != nil {
			return result{}, err
		}
		var pairs []*pair
		for _, name := range asked.Encodings {
			codec, err := compression.ParseCodec(name)
			if err != nil {
				return result{}, err
			}
			pairs = append(pairs, &pair{codec: codec, streams: streams, measurement: measurement{Kind: source.Kind, Encoding: name, Lines: lines, RawBytes: size}})
		}
		kinds = append(kinds, pairs)
	}
	// Round 0 warms up and is not timed. Kinds and encodings begin with another one in each round, so that none has the quieter moments, and
	// no chunk the same history of its compressor.
	for round := range asked.Rounds + 1 {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", round, asked.Rounds)
		for k := range kinds {
			pairs := kinds[(k+round)%len(kinds)]
			for p := range pairs {
				if err := pairs[(p+round)%len(pairs)].try(round > 0); err != nil {
					return result{}, err
				}
			}
		}
	}
	measured := result{Cores: runtime.NumCPU(), GoVersion: runtime.Version()}
	for _, pairs := range kinds {
		for _, pair := range pairs {
			if err := pair.finish(); err != nil {
				return result{}, err
			}
			measured.Measurements = append(measured.Measurements, pair.measurement)
		}
	}
	return measured, nil
}

// try writes and reads the logs once.
func (p *pair) try(timed bool) error {
	runtime.GC() // what others left is not this one's to clear
	began := processorTime()
	chunks, err := write(p.streams, p.codec)
	wrote := processorTime()
	if err != nil {
		return err
	}
	p.compare(chunks)

	runtime.GC()
	beganReading := processorTime()
	lines, err := read(chunks)
	ended := processorTime()
	if err != nil {
		return err
	}
	if lines != p.Lines {
		return fmt.Errorf("%s, %s: %d lines written, %d read", p.Kind, p.Encoding, p.Lines, lines)
	}
	if timed {
		p.WriteNanoseconds = append(p.WriteNanoseconds, wrote-began)
		p.ReadNanoseconds = append(p.ReadNanoseconds, ended-beganReading)
	}
	return nil
}

// compare notes which chunks are still the same as in the first round.
func (p *pair) compare(chunks [][]byte) {
	p.StoredBytes = len(slices.Concat(chunks...))
	p.Chunks = len(chunks)
	found := digestsOf(chunks)
	if p.digests == nil {
		p.digests = found
		p.identical = make([]bool, len(found))
		for i := range p.identical {
			p.identical[i] = true
		}
	}
	for i := range p.digests {
		p.identical[i] = p.identical[i] && i < len(found) && found[i] == p.digests[i]
	}
}

// finish adds what is not timed: the same chunks while others are compressed beside them, in another order of arrival, and memory.
func (p *pair) finish() error {
	for range 2 {
		chunks, err := writeBeside(p.streams, p.codec)
		if err != nil {
			return err
		}
		p.compare(chunks)
	}
	swapped, err := write(reordered(p.streams), p.codec)
	if err != nil {
		return err
	}
	found := digestsOf(swapped)
	for i, same := range p.identical {
		if same {
			p.IdenticalChunks++
			if i < len(found) && found[i] == p.digests[i] {
				p.ReorderedChunks++
			}
		}
	}
	largest := slices.MaxFunc(swapped, func(a, b []byte) int { return len(a) - len(b) })
	if p.OpenBytes, err = openBytes(largest); err != nil {
		return err
	}
	longest := slices.MaxFunc(p.streams, func(a, b stream) int { return len(a) - len(b) })
	p.FlushBytes, err = flushBytes(longest, p.codec)
	return err
}
