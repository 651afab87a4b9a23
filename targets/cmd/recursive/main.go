// Recursive is a target whose probed function calls itself so deep that the stack has to grow and move.
//
// A burst of N calls is made of recursions of -depth calls each, the last one shorter if need be, so that there are exactly N calls.
// Every recursion runs on a new goroutine, whose stack is small again. The burst lasts until the last recursion has returned;
// the start of the goroutines is part of it.
package main

import (
	"flag"
	"sync"

	"tracetoll.dev/targets/burst"
)

var depth = flag.Int("depth", 1000, "calls of the probed function in one recursion")

// probed makes below further calls; index counts them.
//
//go:noinline
func probed(index int, below int) int {
	if below == 0 {
		return index
	}
	return probed(index+1, below-1)*31 ^ index
}

// twin is probed, without the recursion.
func twin(index int, below int) int {
	result := index + below
	for i := index + below - 1; i >= index; i-- {
		result = result*31 ^ i
	}
	return result
}

func prepare(b burst.Burst) func() {
	return func() {
		for first, end := b.First, b.First+b.Calls; first < end; first += *depth {
			below := min(*depth, end-first) - 1
			var returned sync.WaitGroup
			returned.Add(1)
			go func(index int) {
				probed(index, below)
				returned.Done()
			}(first)
			returned.Wait()
		}
	}
}

func truth(b burst.Burst, index int) burst.Call {
	top := index - (index-b.First)%*depth
	below := min(top+*depth, b.First+b.Calls) - 1 - index
	return burst.Call{
		Arguments: []interface{}{index, below},
		Results:   []interface{}{twin(index, below)},
	}
}

func min(a, b int) int {
	if a < b {
		return a
	}
	return b
}

func main() {
	flag.Parse()
	if *depth < 1 || *depth > 1000000 {
		burst.Refuse("-depth must be 1 to 1000000")
	}
	burst.Main(burst.Target{Name: "recursive", Functions: []string{"main.probed"}, Prepare: prepare, Truth: truth})
}
