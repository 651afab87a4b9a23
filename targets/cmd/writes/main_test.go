package main

import (
	"encoding/binary"
	"io/ioutil"
	"syscall"
	"testing"

	"tracetoll.dev/targets/burst"
)

func TestTruthIsWhatTheFunctionDoes(t *testing.T) {
	for _, *to = range []string{"file", "full", "closed"} {
		open(0)
		if *to == "closed" {
			must(0, syscall.Close(descriptor))
		}
		b := burst.Burst{First: 0, Calls: 20}
		prepare(nil)(b)()
		for i := 0; i < b.Calls; i++ {
			call := truth(b, i)
			if got := probed(call.Arguments[0].(int), call.Arguments[1].(int)); got != call.Results[0] {
				t.Errorf("-to %s: call %d returns %d, truth says %v", *to, i, got, call.Results[0])
			}
		}
	}
}

func TestEveryBurstStartsWithAnEmptyFile(t *testing.T) {
	*to = "file"
	open(0)
	for _, first := range []int{0, 5} {
		prepare(nil)(burst.Burst{First: first, Calls: 5})()
		written, err := ioutil.ReadFile("/proc/self/fd/100")
		if err != nil {
			t.Fatal(err)
		}
		at := 0
		for i := first; i < first+5; i++ {
			if got := int(binary.LittleEndian.Uint64(written[at:])); got != i {
				t.Errorf("the record of call %d starts with %d", i, got)
			}
			at += length(i)
		}
		if len(written) != at {
			t.Errorf("%d bytes are in the file, want %d", len(written), at)
		}
	}
}
