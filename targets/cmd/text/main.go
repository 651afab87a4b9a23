// Text is the target of the ladder: a function that takes an int and a string, all of it in integer registers, and works for about 100 ns.
package main

import "tracetoll.dev/targets/burst"

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

// work is a chain in which every step waits for the one before, so that its time depends on the clock of the CPU alone.
//
//go:noinline
func work(x int) int {
	for i := 0; i < 64; i++ {
		x = x*0x2545f4914f6cdd1d + i
		x ^= int(uint(x) >> 29)
	}
	return x
}

func number(index int) int {
	return index * 0x1000001
}

func prepare(b burst.Burst) func() {
	return func() {
		for i := b.First; i < b.First+b.Calls; i++ {
			probed(number(i), burst.Text(i))
		}
	}
}

func truth(_ burst.Burst, index int) burst.Call {
	n, s := number(index), burst.Text(index)
	return burst.Call{
		Arguments: []interface{}{n, s},
		Results:   []interface{}{twin(n, s)},
	}
}

func main() {
	burst.Main(burst.Target{Name: "text", Functions: []string{"main.probed"}, Prepare: prepare, Truth: truth})
}
