// Goroutines is a target whose probed function is called by several threads at once: -k goroutines, each locked to a thread of its own on a
// CPU of its own as far as there are enough, unless -free leaves that to Go's scheduler.
//
// The first argument of a call is its index in the program, the second the goroutine's number: the order between goroutines is open,
// the multiset of the calls is not. The burst lasts from the start signal to the end of the last goroutine. Told so, it calls a function instead
// whose source has been changed to write its calls down, for each goroutine to memory of its own.
package main

import (
	"flag"

	"tracetoll.dev/targets/burst"
	"tracetoll.dev/targets/source"
)

var (
	k    = flag.Int("k", 4, "goroutines, each on a thread of its own")
	free = flag.Bool("free", false, "leave the goroutines to Go's scheduler")
)

//go:noinline
func probed(index int, worker int, s string) int {
	return work(index + worker<<48 + len(s)<<32)
}

// twin is probed under a name that nobody probes.
//
//go:noinline
func twin(index int, worker int, s string) int {
	return work(index + worker<<48 + len(s)<<32)
}

//go:noinline
func work(x int) int {
	for i := 0; i < 64; i++ {
		x = x*0x2545f4914f6cdd1d + i
		x ^= int(uint(x) >> 29)
	}
	return x
}

func run(part burst.Burst, worker int) {
	for i := part.First; i < part.First+part.Calls; i++ {
		probed(i, worker, burst.Text(i))
	}
}

var notes []source.Notes

//go:noinline
func notedBoth(index int, worker int, s string) int {
	to := &notes[worker]
	source.Note(to, index, s, 0)
	result := work(index + worker<<48 + len(s)<<32)
	source.NoteResult(to, result)
	return result
}

func runNoted(part burst.Burst, worker int) {
	for i := part.First; i < part.First+part.Calls; i++ {
		notedBoth(i, worker, burst.Text(i))
	}
}

func truth(b burst.Burst, index int) burst.Call {
	worker := b.Worker(index, *k)
	return burst.Call{
		Arguments: []interface{}{index, worker, burst.Text(index)},
		Results:   []interface{}{twin(index, worker, burst.Text(index))},
	}
}

func main() {
	options := source.Flags()
	flag.Parse()
	if *k < 1 || *k > 1000 {
		burst.Refuse("-k must be 1 to 1000")
	}
	start := burst.NewWorkers
	if *free {
		start = burst.NewFreeWorkers
	}
	called := run
	switch options.Way {
	case "":
	case "floor-returns":
		options.PrepareNotes()
		notes = make([]source.Notes, *k)
		called = runNoted
	default:
		burst.Refuse(options.Unknown("floor-returns").Error())
	}
	workers := start(*k, called)
	burst.Main(burst.Target{Name: "goroutines", Functions: []string{"main.probed"}, Prepare: workers.Prepare, Truth: truth})
}
