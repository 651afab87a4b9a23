// Goroutines is a target whose probed function is called by several threads at once: -k goroutines, each locked to a thread of its own.
//
// A burst of N calls is shared out in contiguous parts of N/k calls; the first goroutines make one call more if N does not divide.
// The first argument of a call is its index in the program, the second the goroutine's number: the order between goroutines is open,
// the multiset of the calls is not. The burst lasts from the start signal to the end of the last goroutine.
package main

import (
	"flag"
	"runtime"
	"sync"

	"tracetoll.dev/targets/burst"
)

var k = flag.Int("k", 4, "goroutines, each on a thread of its own")

//go:noinline
func probed(index int, worker int, s string) int {
	return work(index + worker<<48 + len(s)<<32)
}

// twin is probed under a name that nobody probes.
//
//go:noinline
func twin(index int, worker int, s string) int {
	return work(index + worker<<48 + len(s)<<32)
}

//go:noinline
func work(x int) int {
	for i := 0; i < 64; i++ {
		x = x*0x2545f4914f6cdd1d + i
		x ^= int(uint(x) >> 29)
	}
	return x
}

// share is the part of a burst that falls to a worker.
func share(b burst.Burst, worker int) burst.Burst {
	calls, longer := b.Calls / *k, b.Calls%*k
	if worker < longer {
		return burst.Burst{First: b.First + worker*(calls+1), Calls: calls + 1}
	}
	return burst.Burst{First: b.First + longer + worker*calls, Calls: calls}
}

// round is one burst as the workers see it.
type round struct {
	burst    burst.Burst
	ready    sync.WaitGroup
	start    chan struct{}
	finished sync.WaitGroup
}

func worker(number int, rounds <-chan *round) {
	runtime.LockOSThread()
	for r := range rounds {
		part := share(r.burst, number)
		r.ready.Done()
		<-r.start
		for i := part.First; i < part.First+part.Calls; i++ {
			probed(i, number, burst.Text(i))
		}
		r.finished.Done()
	}
}

func prepare(rounds []chan *round) func(burst.Burst) func() {
	return func(b burst.Burst) func() {
		r := &round{burst: b, start: make(chan struct{})}
		r.ready.Add(len(rounds))
		r.finished.Add(len(rounds))
		for _, c := range rounds {
			c <- r
		}
		r.ready.Wait()
		return func() {
			close(r.start)
			r.finished.Wait()
		}
	}
}

func truth(b burst.Burst, index int) burst.Call {
	worker := 0
	for index >= share(b, worker).First+share(b, worker).Calls {
		worker++
	}
	return burst.Call{
		Arguments: []interface{}{index, worker, burst.Text(index)},
		Results:   []interface{}{twin(index, worker, burst.Text(index))},
	}
}

func main() {
	flag.Parse()
	if *k < 1 || *k > 1000 {
		burst.Refuse("-k must be 1 to 1000")
	}
	// The kernel, not Go's scheduler, is to share out the CPUs among the threads.
	if *k > runtime.GOMAXPROCS(0) {
		runtime.GOMAXPROCS(*k)
	}
	rounds := make([]chan *round, *k)
	for i := range rounds {
		rounds[i] = make(chan *round)
		go worker(i, rounds[i])
	}
	burst.Main(burst.Target{Name: "goroutines", Functions: []string{"main.probed"}, Prepare: prepare(rounds), Truth: truth})
}
