// Leaf is a target whose probed function is a few instructions long, calls nothing and has no prologue.
package main

import "tracetoll.dev/targets/burst"

//go:noinline
func probed(a int, b int) int {
	return a*5 ^ b
}

// twin is probed under a name that nobody probes.
//
//go:noinline
func twin(a int, b int) int {
	return a*5 ^ b
}

func second(index int) int {
	return -index * 0x100000001
}

func prepare(b burst.Burst) func() {
	return func() {
		for i := b.First; i < b.First+b.Calls; i++ {
			probed(i, second(i))
		}
	}
}

func truth(_ burst.Burst, index int) burst.Call {
	return burst.Call{
		Arguments: []interface{}{index, second(index)},
		Results:   []interface{}{twin(index, second(index))},
	}
}

func main() {
	burst.Main(burst.Target{Name: "leaf", Functions: []string{"main.probed"}, Prepare: prepare, Truth: truth})
}
