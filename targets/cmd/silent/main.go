// Silent is a target whose probed function takes an int and a string, works for about 100 ns, and returns nothing: of optimised functions,
// dlv trace --ebpf takes only such.
package main

import "tracetoll.dev/targets/burst"

const text = "abcdefghijklmnop"

var out int

//go:noinline
func probed(n int, s string) {
	out = work(n ^ len(s)<<32)
}

// twin is probed under a name that nobody probes.
//
//go:noinline
func twin(n int, s string) {
	out = work(n ^ len(s)<<32)
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
			probed(i, text)
		}
	}
}

func truth(_ burst.Burst, index int) burst.Call {
	twin(index, text)
	return burst.Call{Arguments: []interface{}{index, text}, Results: []interface{}{}}
}

func main() {
	burst.Main(burst.Target{Name: "silent", Functions: []string{"main.probed"}, Prepare: prepare, Truth: truth})
}
