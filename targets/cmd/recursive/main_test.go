package main

import (
	"reflect"
	"testing"

	"tracetoll.dev/targets/burst"
)

func TestTruthIsWhatTheFunctionDoes(t *testing.T) {
	*depth = 4
	b := burst.Burst{First: 10, Calls: 11}
	for index, below := range map[int]int{10: 3, 11: 2, 13: 0, 14: 3, 17: 0, 18: 2, 20: 0} {
		want := burst.Call{Arguments: []interface{}{index, below}, Results: []interface{}{probed(index, below)}}
		if got := truth(b, index); !reflect.DeepEqual(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	}
}
