package burst

import (
	"fmt"
	"math/rand"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// Most threads of a load.
const MaxThreads = 1024

// Load is calls by a schedule: each is due at a time that does not depend on how long the calls before it took. A call that is late is made at
// once, so that whatever slows the calls down changes nothing about how many there are.
type Load struct {
	// Calls is how many calls there are, of all threads together.
	Calls int `json:"calls"`
	// Rate is calls a second, of all threads together; 0: as fast as the threads can.
	Rate float64 `json:"rate"`
	// Arrivals is steady, poisson or bursts: of equal distance, of exponentially distributed distance, or bursts of equal distance.
	Arrivals string `json:"arrivals"`
	// Burst is how many calls a burst has, of all threads together.
	Burst int `json:"burst"`
	// Peak is calls a second within a burst, of all threads together; 0: as fast as the threads can.
	Peak float64 `json:"peak"`
	// Threads make the calls.
	Threads int `json:"threads"`
	// Seed of what is random.
	Seed int64 `json:"seed"`
}

// Paced is what became of a load.
type Paced struct {
	CallsMade int `json:"callsMade"`
	// WallNs is from the first call to the end of the last.
	WallNs int64 `json:"wallNs"`
	// BusyNs is how long the calls took, all together, each with one reading of the clock; of calls as fast as can be, without.
	BusyNs int64 `json:"busyNs"`
	// LatestNs is by how much the call that was latest was late.
	LatestNs int64 `json:"latestNs"`
	// CPUNs is the CPU time of the whole process, waiting included.
	CPUNs int64 `json:"cpuNs"`
}

func (l Load) check() error {
	switch {
	case l.Calls < 1 || l.Calls > MaxCalls:
		return fmt.Errorf("calls is %d; want 1 to %d", l.Calls, MaxCalls)
	case l.Threads < 1 || l.Threads > MaxThreads:
		return fmt.Errorf("threads is %d; want 1 to %d", l.Threads, MaxThreads)
	case !(l.Rate >= 0) || !(l.Peak >= 0):
		return fmt.Errorf("rate is %g and peak is %g; want numbers from 0 on", l.Rate, l.Peak)
	case l.Arrivals != "steady" && l.Arrivals != "poisson" && l.Arrivals != "bursts":
		return fmt.Errorf("arrivals is %q; want steady, poisson or bursts", l.Arrivals)
	case l.Arrivals == "bursts" && (l.Burst < 1 || l.Rate == 0):
		return fmt.Errorf("bursts of %d calls at a rate of %g; want both positive", l.Burst, l.Rate)
	case l.Arrivals == "bursts" && l.Peak != 0 && l.Peak < l.Rate:
		return fmt.Errorf("peak is %g, below the rate of %g", l.Peak, l.Rate)
	}
	return nil
}

// Pace makes calls of the probed function by a schedule.
func Pace(load Load, call func(index int)) Paced {
	workers := make([]worker, load.Threads)
	var ready, done sync.WaitGroup
	start := make(chan time.Time)
	ready.Add(load.Threads)
	done.Add(load.Threads)
	if load.Threads >= runtime.GOMAXPROCS(0) {
		runtime.GOMAXPROCS(load.Threads + 1)
	}
	for i := range workers {
		workers[i].part = Burst{0, load.Calls}.Share(i, load.Threads)
		go func(number int) {
			runtime.LockOSThread()
			ready.Done()
			w := &workers[number]
			w.run(load, number, <-start, call)
			done.Done()
		}(i)
	}
	ready.Wait()
	cpu := cpuNs()
	began := time.Now()
	for range workers {
		start <- began
	}
	done.Wait()
	result := Paced{CallsMade: load.Calls, WallNs: int64(time.Since(began)), CPUNs: cpuNs() - cpu}
	for _, w := range workers {
		result.BusyNs += w.busy
		if w.latest > result.LatestNs {
			result.LatestNs = w.latest
		}
	}
	return result
}

type worker struct {
	part         Burst
	busy, latest int64
}

func (w *worker) run(load Load, number int, began time.Time, call func(index int)) {
	if load.Rate == 0 {
		start := time.Since(began)
		for i := w.part.First; i < w.part.First+w.part.Calls; i++ {
			call(i)
		}
		w.busy = int64(time.Since(began) - start)
		return
	}
	// Who would wait for a CPU when it is its turn had better sleep.
	spins := load.Threads < runtime.NumCPU()
	schedule := newSchedule(load, number)
	for i := w.part.First; i < w.part.First+w.part.Calls; i++ {
		due := schedule.next()
		now := int64(time.Since(began))
		for now < due {
			if left := due - now; !spins || left > longSleepNs {
				sleep(left - slackNs)
			}
			now = int64(time.Since(began))
		}
		if late := now - due; late > w.latest {
			w.latest = late
		}
		call(i)
		w.busy += int64(time.Since(began)) - now
	}
}

const (
	// The kernel ends a sleep up to this much later: timer slack, see prctl(2).
	slackNs = 60000
	// Shorter ones are not worth it.
	longSleepNs = 4 * slackNs
)

func sleep(ns int64) {
	if ns < 1000 {
		ns = 1000
	}
	wish := syscall.NsecToTimespec(ns)
	// Whether a signal ends it is all the same: whoever sleeps looks at the clock.
	_ = syscall.Nanosleep(&wish, nil)
}

// schedule says when the calls of a thread are due, in ns from the beginning. Threads take turns; bursts begin in all of them at once.
type schedule struct {
	load   Load
	random *rand.Rand
	gap    float64
	within float64
	burst  int
	made   int
	at     float64
}

func newSchedule(load Load, number int) *schedule {
	threads := float64(load.Threads)
	s := &schedule{load: load, random: rand.New(rand.NewSource(load.Seed + int64(number))), gap: 1e9 * threads / load.Rate}
	switch load.Arrivals {
	case "steady":
		s.at = s.gap * float64(number) / threads
	case "bursts":
		s.burst = Burst{0, load.Burst}.Share(number, load.Threads).Calls
		if s.burst == 0 {
			s.burst = 1
		}
		s.gap *= float64(s.burst)
		if load.Peak > 0 {
			s.within = 1e9 * threads / load.Peak
		}
	}
	return s
}

func (s *schedule) next() int64 {
	due := s.at
	s.made++
	switch s.load.Arrivals {
	case "steady":
		s.at += s.gap
	case "poisson":
		s.at += s.gap * s.random.ExpFloat64()
	default:
		whole, rest := s.made/s.burst, s.made%s.burst
		s.at = s.gap*float64(whole) + s.within*float64(rest)
	}
	return int64(due)
}
