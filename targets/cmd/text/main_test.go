package main

import (
	"testing"

	"tracetoll.dev/targets/burst"
)

func TestTruthIsWhatTheFunctionDoes(t *testing.T) {
	for _, *length = range []int{0, 1, 16, mostBytes} {
		for i := 0; i < 2*places; i++ {
			call := truth(burst.Burst{}, i)
			s := call.Arguments[1].(string)
			if want := probed(call.Arguments[0].(int), s); call.Results[0] != want || len(s) != *length {
				t.Errorf("call %d returns %d for %d bytes, truth says %v", i, want, len(s), call.Results[0])
			}
		}
	}
}
