// Calls is the target of the headline figure: a function that takes an int, a string and a float and works for about 100 ns. Told so, it
// calls one instead whose source has been changed to tell of its calls itself, or does something else before each burst.
package main

import (
	"flag"
	"math"
	"runtime"
	"syscall"
	"time"

	"tracetoll.dev/targets/burst"
	"tracetoll.dev/targets/source"
)

//go:noinline
func probed(n int, s string, f float64) int {
	return work(seed(n, s, f))
}

// twin is probed under a name that nobody probes.
//
//go:noinline
func twin(n int, s string, f float64) int {
	return work(seed(n, s, f))
}

func seed(n int, s string, f float64) int {
	return n ^ len(s)<<32 ^ int(math.Float64bits(f))
}

// work is a chain in which every step waits for the one before (a multiplication, an addition, a shift and an exclusive or, some
// 6 cycles), so that its time depends on the clock of the CPU alone: about 100 ns between 3 and 4 GHz.
//
//go:noinline
func work(x int) int {
	for i := 0; i < 64; i++ {
		x = x*0x2545f4914f6cdd1d + i
		x ^= int(uint(x) >> 29)
	}
	return x
}

func number(index int) int {
	return index * 0x1000001
}

func fraction(index int) float64 {
	return float64(index)*0.375 - 1000
}

func prepare(b burst.Burst) func() {
	return func() {
		for i := b.First; i < b.First+b.Calls; i++ {
			probed(number(i), burst.Text(i), fraction(i))
		}
	}
}

var (
	ring    *source.Ring
	log     *source.Log
	regions *source.Regions
	notes   source.Notes
)

//go:noinline
func ringed(n int, s string, f float64) int {
	call := ring.Enter(n, s, f)
	result := work(seed(n, s, f))
	ring.Leave(call, result)
	return result
}

//go:noinline
func logged(n int, s string, f float64) int {
	log.Enter(n, s, f)
	result := work(seed(n, s, f))
	log.Leave(result)
	return result
}

//go:noinline
func inRegion(n int, s string, f float64) int {
	region := regions.Enter()
	result := work(seed(n, s, f))
	region.End()
	return result
}

// calling is prepare for another function; to be called by its address costs less than a nanosecond.
func calling(function func(int, string, float64) int) func(burst.Burst) func() {
	return func(b burst.Burst) func() {
		return func() {
			for i := b.First; i < b.First+b.Calls; i++ {
				function(number(i), burst.Text(i), fraction(i))
			}
		}
	}
}

//go:noinline
func noted(n int, s string, f float64) int {
	source.Note(&notes, n, s, f)
	return work(seed(n, s, f))
}

//go:noinline
func notedBoth(n int, s string, f float64) int {
	source.Note(&notes, n, s, f)
	result := work(seed(n, s, f))
	source.NoteResult(&notes, result)
	return result
}

// preparing opens what a way of telling writes to, and says what the calls are then.
func preparing(options *source.Options) (func(burst.Burst) func(), error) {
	var err error
	switch options.Way {
	case "":
		return prepare, nil
	case "floor":
		options.PrepareNotes()
		return calling(noted), nil
	case "floor-returns":
		options.PrepareNotes()
		return calling(notedBoth), nil
	case "ring":
		ring, err = source.OpenRing(options.Events)
		return calling(ringed), err
	case "slog":
		log, err = source.OpenLog(options.Events)
		return calling(logged), err
	case "region":
		regions, err = source.OpenRegions(options.Events)
		return calling(inRegion), err
	default:
		return nil, options.Unknown("floor, floor-returns, ring, slog and region")
	}
}

// interlude is what a server does between the calls that are traced: it waits for somebody else, has the kernel do something, and uses memory. Then
// its CPU has slept, and the caches have other things in them.
type interlude struct {
	there, back [2]int
	message     [512]byte
	memory      [256 << 10]byte
}

// exchanges is how often a piece of work waits: with the memory some tens of microseconds.
const exchanges = 2

func newInterlude() (*interlude, error) {
	w := &interlude{}
	for _, pipe := range []*[2]int{&w.there, &w.back} {
		if err := syscall.Pipe(pipe[:]); err != nil {
			return nil, err
		}
	}
	go w.answer()
	return w, nil
}

// answer sends back whatever comes, from a thread of its own.
func (w *interlude) answer() {
	runtime.LockOSThread()
	var message [512]byte
	for {
		transfer(syscall.Read, w.there[0], message[:])
		transfer(syscall.Write, w.back[1], message[:])
	}
}

func (w *interlude) work() {
	for i := 0; i < exchanges; i++ {
		transfer(syscall.Write, w.there[1], w.message[:])
		transfer(syscall.Read, w.back[0], w.message[:])
	}
	for i := 0; i < len(w.memory); i += 64 {
		w.memory[i]++
	}
}

// transfer writes or reads a message, which is shorter than what a pipe takes and gives in one piece.
func transfer(call func(int, []byte) (int, error), pipe int, message []byte) {
	for {
		switch _, err := call(pipe, message); err {
		case nil:
			return
		case syscall.EINTR:
		default:
			panic(err)
		}
	}
}

// before does that work before each burst.
func (w *interlude) before(prepare func(burst.Burst) func()) func(burst.Burst) func() {
	return func(b burst.Burst) func() {
		w.work()
		return prepare(b)
	}
}

// computingFor is how long the target computes so that nobody else has anything to do: until the other CPUs sleep.
const computingFor = time.Millisecond

// alone computes before each burst, while nobody else does anything.
func alone(prepare func(burst.Burst) func()) func(burst.Burst) func() {
	return func(b burst.Burst) func() {
		for began := time.Now(); time.Since(began) < computingFor; {
			continue
		}
		return prepare(b)
	}
}

func truth(_ burst.Burst, index int) burst.Call {
	n, s, f := number(index), burst.Text(index), fraction(index)
	return burst.Call{
		Arguments: []interface{}{n, s, burst.Float(f)},
		Results:   []interface{}{twin(n, s, f)},
	}
}

func main() {
	options := source.Flags()
	working := flag.Bool("work-between", false, "before each burst, wait for another thread and use memory, for some tens of microseconds")
	computing := flag.Bool("compute-between", false, "before each burst, compute for a millisecond, while nobody else does anything")
	flag.Parse()
	prepare, err := preparing(options)
	if err == nil && *working {
		var between *interlude
		if between, err = newInterlude(); err == nil {
			prepare = between.before(prepare)
		}
	}
	if err == nil && *computing {
		prepare = alone(prepare)
	}
	if err != nil {
		burst.Refuse(err.Error())
	}
	target := burst.Target{Name: "calls", Functions: []string{"main.probed"}, Prepare: prepare, Truth: truth}
	if regions != nil {
		target.Begin, target.End = regions.Begin, regions.End
	}
	burst.Main(target)
}
