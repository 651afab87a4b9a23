package main

import (
	"testing"

	"tracetoll.dev/targets/burst"
)

func TestTruthIsWhatTheFunctionDoes(t *testing.T) {
	for i := 0; i < 300; i++ {
		call := truth(burst.Burst{}, i)
		want := probed(call.Arguments[0].(int), call.Arguments[1].(string), float64(call.Arguments[2].(burst.Float)))
		if call.Results[0] != want {
			t.Errorf("call %d returns %d, truth says %v", i, want, call.Results[0])
		}
	}
}
