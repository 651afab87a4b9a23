// Nop is a target whose probed function begins with a 5-byte nop, which newer kernels turn into a call instead of a breakpoint: the
// least that a probe can cost.
package main

import "tracetoll.dev/targets/burst"

// probed is in nop_amd64.s.
func probed()

func prepare(b burst.Burst) func() {
	return func() {
		for i := 0; i < b.Calls; i++ {
			probed()
		}
	}
}

func truth(burst.Burst, int) burst.Call {
	return burst.Call{Arguments: []interface{}{}, Results: []interface{}{}}
}

func main() {
	burst.Main(burst.Target{Name: "nop", Functions: []string{"main.probed.abi0"}, Prepare: prepare, Truth: truth})
}
