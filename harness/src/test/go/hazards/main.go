// Hazards makes calls while what its argument says goes on: what might not agree with code that somebody else has put into the program. It says how
// many calls there were and how many of them returned, and whether all was as it should be.
package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"runtime/trace"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
)

const workers = 8

var calls, returns int64

// step is seen, and so are the functions below.
//
//go:noinline
func step(n int, text string) int {
	return n + len(text)
}

// deep has a stack that grows, from one goroutine to the next.
//
//go:noinline
func deep(n int, text string) int {
	var frame [256]byte
	frame[n&255] = byte(n)
	if n == 0 {
		return step(n, text)
	}
	return deep(n-1, text) + int(frame[n&255])
}

//go:noinline
func panics(n int, text string) int {
	if n&1 == 0 {
		panic(text)
	}
	return step(n, text)
}

//go:noinline
func observed(n int, text string) string {
	var callers [8]uintptr
	frames := runtime.CallersFrames(callers[:runtime.Callers(1, callers[:])])
	names := ""
	for i := 0; i < 2; i++ {
		frame, _ := frames.Next()
		names += " " + frame.Function
	}
	if stack := string(debug.Stack()); strings.Count(stack, "main.observed(") != 1 || strings.Count(stack, "main.observes(") != 1 {
		names += " not in " + stack
	}
	return names
}

//go:noinline
func observes(n int, text string) {
	if names := observed(n, text); names != " main.observed main.observes" {
		fmt.Println("observed:" + names)
	}
}

func call(n int) {
	text := strconv.Itoa(n)
	step(n, text)
	deep(n%24, text)
	atomic.AddInt64(&calls, int64(n%24)+3)
	atomic.AddInt64(&returns, int64(n%24)+3)
}

func recovers(n int) {
	defer func() {
		if recover() == nil {
			atomic.AddInt64(&returns, 2)
			atomic.AddInt64(&calls, 1)
		}
	}()
	atomic.AddInt64(&calls, 1)
	panics(n, "as was asked for")
}

// work is done by goroutines that are new, so that their stacks have to grow.
func work(rounds, each int, what func(n int)) {
	for round := 0; round < rounds; round++ {
		var all sync.WaitGroup
		for worker := 0; worker < workers; worker++ {
			all.Add(1)
			go func(worker int) {
				defer all.Done()
				for n := 0; n < each; n++ {
					what(worker*each + n)
				}
			}(worker)
		}
		all.Wait()
	}
}

// message is one of protocol buffers: of each field its values, numbers or bytes.
type message map[uint64][]interface{}

func number(from []byte) (uint64, []byte, error) {
	value := uint64(0)
	for i := 0; i < len(from) && i < 10; i++ {
		value |= uint64(from[i]&0x7f) << (7 * i)
		if from[i] < 0x80 {
			return value, from[i+1:], nil
		}
	}
	return 0, nil, errors.New("a number is cut")
}

func parse(from []byte) (message, error) {
	fields := message{}
	for len(from) > 0 {
		key, rest, err := number(from)
		if err != nil {
			return nil, err
		}
		value, rest, err := number(rest)
		switch {
		case err != nil:
			return nil, err
		case key&7 == 0:
			fields[key>>3] = append(fields[key>>3], value)
		case key&7 == 2 && value <= uint64(len(rest)):
			fields[key>>3] = append(fields[key>>3], rest[:value])
			rest = rest[value:]
		default:
			return nil, fmt.Errorf("field %d is of a kind that no profile has", key)
		}
		from = rest
	}
	return fields, nil
}

// eachNumber looks at a repeated number, of which several are packed into bytes.
func eachNumber(value interface{}, is func(uint64) bool) error {
	one, single := value.(uint64)
	packed, _ := value.([]byte)
	for single || len(packed) > 0 {
		if !single {
			var err error
			if one, packed, err = number(packed); err != nil {
				return err
			}
		}
		if !is(one) {
			return fmt.Errorf("there is no %d", one)
		}
		single = false
	}
	return nil
}

// isProfile checks what github.com/google/pprof/proto/profile.proto says: samples have locations, these functions, and these names.
func isProfile(profile []byte) error {
	unpacked, err := gzip.NewReader(bytes.NewReader(profile))
	if err != nil {
		return err
	}
	all, err := io.ReadAll(unpacked)
	if err != nil {
		return err
	}
	fields, err := parse(all)
	if err != nil {
		return err
	}
	const samples, locations, functions, texts = 2, 4, 5, 6
	known := map[uint64]bool{}
	for _, function := range fields[functions] {
		f, err := parse(function.([]byte))
		if err != nil {
			return err
		}
		if name := f[2][0].(uint64); name >= uint64(len(fields[texts])) || len(fields[texts][name].([]byte)) == 0 {
			return errors.New("a function has no name")
		}
		known[f[1][0].(uint64)] = true
	}
	located := map[uint64]bool{}
	for _, location := range fields[locations] {
		l, err := parse(location.([]byte))
		if err != nil {
			return err
		}
		for _, line := range l[4] {
			if f, err := parse(line.([]byte)); err != nil || !known[f[1][0].(uint64)] {
				return fmt.Errorf("a line is of no function: %v", err)
			}
		}
		located[l[1][0].(uint64)] = true
	}
	for _, sample := range fields[samples] {
		s, err := parse(sample.([]byte))
		if err != nil {
			return err
		}
		for _, ids := range s[1] {
			if err := eachNumber(ids, func(id uint64) bool { return located[id] }); err != nil {
				return fmt.Errorf("a sample is of no location: %v", err)
			}
		}
	}
	if len(fields[samples]) == 0 {
		return errors.New("there is no sample")
	}
	return nil
}

func profiled(rounds int) error {
	var profile bytes.Buffer
	// The rate that is set first is kept, and the runtime says so on standard error.
	runtime.SetCPUProfileRate(1000)
	if err := pprof.StartCPUProfile(&profile); err != nil {
		return err
	}
	work(rounds, 500, call)
	pprof.StopCPUProfile()
	return isProfile(profile.Bytes())
}

func traced(rounds int) error {
	var events bytes.Buffer
	if err := trace.Start(&events); err != nil {
		return err
	}
	work(rounds, 500, call)
	trace.Stop()
	if !bytes.HasPrefix(events.Bytes(), []byte("go 1.")) {
		return errors.New("no trace")
	}
	return nil
}

func main() {
	rounds, _ := strconv.Atoi(os.Args[2])
	var err error
	switch os.Args[1] {
	case "plain":
		work(rounds, 500, call)
	case "profile":
		err = profiled(rounds)
	case "trace":
		err = traced(rounds)
	case "panics":
		work(rounds, 100, recovers)
	case "observed":
		work(rounds, 10, func(n int) {
			observes(n, "text")
			atomic.AddInt64(&calls, 2)
			atomic.AddInt64(&returns, 2)
		})
	default:
		err = errors.New("what is " + os.Args[1])
	}
	fmt.Printf("%d calls, %d returns, %v\n", calls, returns, err)
}
