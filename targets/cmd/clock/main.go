// Clock is a target whose probed function reads the monotonic clock, by the same means as the bursts are timed with.
package main

import (
	"time"

	"tracetoll.dev/targets/burst"
)

var start = time.Now()

//go:noinline
func probed() time.Duration {
	return time.Since(start)
}

func prepare(b burst.Burst) func() {
	return func() {
		for i := 0; i < b.Calls; i++ {
			probed()
		}
	}
}

// truth cannot say what the clock showed.
func truth(burst.Burst, int) burst.Call {
	return burst.Call{Arguments: []interface{}{}, Results: []interface{}{}}
}

func main() {
	burst.Main(burst.Target{Name: "clock", Functions: []string{"main.probed"}, Prepare: prepare, Truth: truth})
}
