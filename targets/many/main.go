// Many is a target with 10 000 functions that can be probed beside the one that is called, main.probed. build.sh adds them: a file that
// sets others to main.probed1, main.probed2 and so on, so that the linker keeps them.
package main

import "tracetoll.dev/targets/burst"

var others []func(int, string) int

//go:noinline
func probed(n int, s string) int {
	return work(n ^ len(s)<<32)
}

// twin is probed under a name that nobody probes.
//
//go:noinline
func twin(n int, s string) int {
	return work(n ^ len(s)<<32)
}

// work is a chain in which every step waits for the one before; see the target calls.
//
//go:noinline
func work(x int) int {
	for i := 0; i < 64; i++ {
		x = x*0x2545f4914f6cdd1d + i
		x ^= int(uint(x) >> 29)
	}
	return x
}

func prepare(b burst.Burst) func() {
	return func() {
		for i := b.First; i < b.First+b.Calls; i++ {
			probed(i, "sixteen bytes ok")
		}
	}
}

func truth(_ burst.Burst, index int) burst.Call {
	return burst.Call{
		Arguments: []interface{}{index, "sixteen bytes ok"},
		Results:   []interface{}{twin(index, "sixteen bytes ok")},
	}
}

func main() {
	if len(others) == 0 {
		burst.Refuse("this program lacks the functions that targets/build.sh adds")
	}
	burst.Main(burst.Target{Name: "many", Functions: []string{"main.probed"}, Prepare: prepare, Truth: truth})
}
