package burst

import (
	"runtime"
	"sync"
)

// Workers are goroutines, each locked to a thread of its own unless they are free, that make the calls of a burst together. A burst of N calls is shared out in
// contiguous parts of N/k calls; the first workers make one call more if N does not divide.
type Workers struct {
	rounds []chan *round
}

// round is one burst as the workers see it.
type round struct {
	burst    Burst
	ready    sync.WaitGroup
	start    chan struct{}
	finished sync.WaitGroup
}

// NewWorkers starts k workers, for which run makes the calls of a part.
func NewWorkers(k int, run func(part Burst, worker int)) *Workers {
	// The kernel, not Go's scheduler, is to share out the CPUs among the threads.
	if k > runtime.GOMAXPROCS(0) {
		runtime.GOMAXPROCS(k)
	}
	return newWorkers(k, func(w *Workers, number int) {
		runtime.LockOSThread()
		w.work(number, run)
	})
}

// NewFreeWorkers starts k workers that Go's scheduler shares out among its threads as it likes.
func NewFreeWorkers(k int, run func(part Burst, worker int)) *Workers {
	return newWorkers(k, func(w *Workers, number int) { w.work(number, run) })
}

func newWorkers(k int, work func(w *Workers, number int)) *Workers {
	w := &Workers{rounds: make([]chan *round, k)}
	for i := range w.rounds {
		w.rounds[i] = make(chan *round)
		go work(w, i)
	}
	return w
}

func (w *Workers) work(number int, run func(part Burst, worker int)) {
	for r := range w.rounds[number] {
		part := r.burst.Share(number, len(w.rounds))
		r.ready.Done()
		<-r.start
		run(part, number)
		r.finished.Done()
	}
}

// Prepare makes the workers ready for a burst, which lasts from the start signal to the end of the last worker.
func (w *Workers) Prepare(b Burst) func() {
	r := &round{burst: b, start: make(chan struct{})}
	r.ready.Add(len(w.rounds))
	r.finished.Add(len(w.rounds))
	for _, c := range w.rounds {
		c <- r
	}
	r.ready.Wait()
	return func() {
		close(r.start)
		r.finished.Wait()
	}
}

// Share is the part of the burst that falls to one of k workers.
func (b Burst) Share(worker, k int) Burst {
	calls, longer := b.Calls/k, b.Calls%k
	if worker < longer {
		return Burst{b.First + worker*(calls+1), calls + 1}
	}
	return Burst{b.First + longer + worker*calls, calls}
}

// Worker is the number of the one of k workers that makes the call of that index.
func (b Burst) Worker(index, k int) int {
	worker := 0
	for part := b.Share(0, k); index >= part.First+part.Calls; part = b.Share(worker, k) {
		worker++
	}
	return worker
}
