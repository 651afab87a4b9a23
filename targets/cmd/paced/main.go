// Paced is a target that takes loads: calls of its probed function, which takes an int and works for a few nanoseconds, by a schedule.
package main

import "tracetoll.dev/targets/burst"

// probed never grows its stack: a call that does so passes the probe twice, and here nobody would tell the two hits apart.
//
//go:noinline
//go:nosplit
func probed(n int) int {
	return step(n)
}

// twin is probed under a name that nobody probes.
//
//go:noinline
//go:nosplit
func twin(n int) int {
	return step(n)
}

//go:noinline
//go:nosplit
func step(n int) int {
	return n * 0x2545f4914f6cdd1d
}

func prepare(b burst.Burst) func() {
	return func() {
		for i := b.First; i < b.First+b.Calls; i++ {
			probed(i)
		}
	}
}

func truth(_ burst.Burst, index int) burst.Call {
	return burst.Call{Arguments: []interface{}{index}, Results: []interface{}{twin(index)}}
}

func main() {
	burst.Main(burst.Target{
		Name:      "paced",
		Functions: []string{"main.probed"},
		Prepare:   prepare,
		Truth:     truth,
		Call:      func(index int) { probed(index) },
	})
}
