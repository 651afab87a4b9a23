// Calls is the target of the headline figure: a function that takes an int, a string and a float and works for about 100 ns.
package main

import (
	"math"

	"tracetoll.dev/targets/burst"
)

//go:noinline
func probed(n int, s string, f float64) int {
	return work(seed(n, s, f))
}

// twin is probed under a name that nobody probes.
//
//go:noinline
func twin(n int, s string, f float64) int {
	return work(seed(n, s, f))
}

func seed(n int, s string, f float64) int {
	return n ^ len(s)<<32 ^ int(math.Float64bits(f))
}

// work is a chain in which every step waits for the one before (a multiplication, an addition, a shift and an exclusive or, some
// 6 cycles), so that its time depends on the clock of the CPU alone: about 100 ns between 3 and 4 GHz.
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

func fraction(index int) float64 {
	return float64(index)*0.375 - 1000
}

func prepare(b burst.Burst) func() {
	return func() {
		for i := b.First; i < b.First+b.Calls; i++ {
			probed(number(i), burst.Text(i), fraction(i))
		}
	}
}

func truth(_ burst.Burst, index int) burst.Call {
	n, s, f := number(index), burst.Text(index), fraction(index)
	return burst.Call{
		Arguments: []interface{}{n, s, burst.Float(f)},
		Results:   []interface{}{twin(n, s, f)},
	}
}

func main() {
	burst.Main(burst.Target{Name: "calls", Functions: []string{"main.probed"}, Prepare: prepare, Truth: truth})
}
