package burst

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Workers are goroutines, each locked to a thread of its own unless they are free, that make the calls of a burst together. The threads are
// bound to the CPUs in turn: left to itself, the kernel often wakes two of them on one CPU and moves none away before a burst is over.
// A burst of N calls is shared out in contiguous parts of N/k calls; the first workers make one call more if N does not divide.
type Workers struct {
	rounds []chan *round
	spin   bool
}

// round is one burst as the workers see it.
type round struct {
	burst    Burst
	ready    sync.WaitGroup
	start    chan struct{}
	started  uint32
	finished sync.WaitGroup
}

// await returns at the start signal. A worker that has its CPU to itself waits for it there: were it woken by the signal, it would begin when
// the scheduler gets to it, now and then only after another worker has done its part.
func (r *round) await(spin bool) {
	if !spin {
		<-r.start
		return
	}
	for atomic.LoadUint32(&r.started) == 0 {
	}
}

// NewWorkers starts k workers, for which run makes the calls of a part.
func NewWorkers(k int, run func(part Burst, worker int)) *Workers {
	// Go's scheduler is not to share out its processors among the threads; one is for who gives the start signal.
	if k >= runtime.GOMAXPROCS(0) {
		runtime.GOMAXPROCS(k + 1)
	}
	cpus := allowedCPUs()
	return newWorkers(k, k <= len(cpus), func(w *Workers, number int) {
		runtime.LockOSThread()
		if len(cpus) > 0 {
			bindThread(cpus[number%len(cpus)])
		}
		w.work(number, run)
	})
}

// NewFreeWorkers starts k workers that Go's scheduler shares out among its threads as it likes.
func NewFreeWorkers(k int, run func(part Burst, worker int)) *Workers {
	return newWorkers(k, false, func(w *Workers, number int) { w.work(number, run) })
}

func newWorkers(k int, spin bool, work func(w *Workers, number int)) *Workers {
	w := &Workers{rounds: make([]chan *round, k), spin: spin}
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
		r.await(w.spin)
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
		atomic.StoreUint32(&r.started, 1)
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
