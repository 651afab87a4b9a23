package burst

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Protocol is the name and version that every target announces.
const Protocol = "tracetoll-burst/1"

// Limits of a request; they bound the memory of a reply.
const (
	MaxBursts = 1000000
	MaxCalls  = 1000000000
	MaxTruths = 100000
)

// Main serves requests from standard input until it ends, or until nobody reads the replies any more; then the program exits with
// code 0.
func Main(target Target) {
	if !flag.Parsed() {
		flag.Parse()
	}
	if flag.NArg() > 0 {
		Refuse("unexpected argument " + strconv.Quote(flag.Arg(0)))
	}
	if err := Serve(target, os.Stdin, standardOutput()); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", target.Name, err)
		os.Exit(1)
	}
}

// Refuse ends the program because of its arguments.
func Refuse(why string) {
	fmt.Fprintln(os.Stderr, why)
	flag.Usage()
	os.Exit(2)
}

type ready struct {
	Target    string   `json:"target"`
	Functions []string `json:"functions"`
	Go        string   `json:"go"`
}

type done struct {
	CallsMade   int     `json:"callsMade"`
	DurationsNs []int64 `json:"durationsNs"`
	CPUNs       int64   `json:"cpuNs"`
}

type failure struct {
	Message string `json:"message"`
}

// Serve speaks the burst protocol: one line each way, a word and its operands.
//
//	→ (at start)         ← ready tracetoll-burst/1 {"target":…,"functions":[…],"go":…}
//	→ burst B N          ← done {"callsMade":B*N,"durationsNs":[B numbers],"cpuNs":…}
//	→ truth FROM COUNT   ← truth [{"arguments":[…],"results":[…]}, COUNT of them]
//	→ pace LOAD          ← paced {"callsMade":…,"wallNs":…,"busyNs":…,"latestNs":…,"cpuNs":…}
//	→ anything else      ← error {"message":…}
//
// LOAD is a Load as JSON; only targets that have a Call take one. Its calls have no index, and truth does not answer for them.
// cpuNs is the CPU time that the whole process consumed during the request. truth answers for calls that have been made.
// Serve returns when the requests end.
func Serve(target Target, requests io.Reader, replies io.Writer) error {
	s := server{target: target, out: bufio.NewWriter(replies)}
	if err := s.reply("ready "+Protocol, ready{target.Name, target.Functions, runtime.Version()}); err != nil {
		return err
	}
	in := bufio.NewReader(requests)
	for {
		line, err := in.ReadString('\n')
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := s.serve(strings.Fields(line)); err != nil {
			return err
		}
	}
}

// bursts is a request that has been served: so many bursts of equal size, one after the other.
type bursts struct {
	first, count, calls int
}

type server struct {
	target Target
	out    *bufio.Writer
	past   []bursts
	made   int
}

func (s *server) serve(words []string) error {
	if len(words) == 0 {
		return s.reply("error", failure{"empty request"})
	}
	if words[0] == "pace" {
		return s.pace(strings.Join(words[1:], " "))
	}
	a, b, err := operands(words[1:])
	switch {
	case words[0] != "burst" && words[0] != "truth":
		err = fmt.Errorf("unknown request %q; there are burst B N, truth FROM COUNT and pace LOAD", words[0])
	case err != nil:
		err = fmt.Errorf("%s: %v", words[0], err)
	case words[0] == "burst":
		if err = within("B", a, 1, MaxBursts); err == nil {
			err = within("N", b, 1, MaxCalls)
		}
		if err == nil {
			return s.reply("done", s.burst(a, b))
		}
	default:
		if err = within("COUNT", b, 1, MaxTruths); err == nil {
			err = within("FROM", a, 0, s.made-b)
		}
		if err == nil {
			return s.reply("truth", s.truth(a, b))
		}
		err = fmt.Errorf("%v (%d calls have been made)", err, s.made)
	}
	return s.reply("error", failure{err.Error()})
}

func (s *server) pace(text string) error {
	var load Load
	if s.target.Call == nil {
		return s.reply("error", failure{"this target takes no load"})
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&load)
	if err == nil {
		err = load.check()
	}
	if err != nil {
		return s.reply("error", failure{"pace: " + err.Error()})
	}
	return s.reply("paced", Pace(load, s.target.Call))
}

func operands(words []string) (a, b int, err error) {
	if len(words) != 2 {
		return 0, 0, fmt.Errorf("want 2 operands, got %d", len(words))
	}
	if a, err = strconv.Atoi(words[0]); err != nil {
		return 0, 0, fmt.Errorf("%q is not a number", words[0])
	}
	if b, err = strconv.Atoi(words[1]); err != nil {
		return 0, 0, fmt.Errorf("%q is not a number", words[1])
	}
	return a, b, nil
}

func within(name string, value, low, high int) error {
	if value < low || value > high {
		return fmt.Errorf("%s is %d; want %d to %d", name, value, low, high)
	}
	return nil
}

func (s *server) burst(count, calls int) done {
	result := done{CallsMade: count * calls, DurationsNs: make([]int64, count)}
	s.past = append(s.past, bursts{s.made, count, calls})
	if s.target.Begin != nil {
		s.target.Begin()
	}
	cpu := cpuNs()
	for i := range result.DurationsNs {
		run := s.target.Prepare(Burst{s.made, calls})
		start := time.Now()
		run()
		result.DurationsNs[i] = int64(time.Since(start))
		s.made += calls
	}
	if s.target.End != nil {
		s.target.End()
	}
	result.CPUNs = cpuNs() - cpu
	return result
}

func (s *server) truth(from, count int) []Call {
	calls := make([]Call, count)
	for i := range calls {
		index := from + i
		later := sort.Search(len(s.past), func(k int) bool { return s.past[k].first > index })
		p := s.past[later-1]
		calls[i] = s.target.Truth(Burst{index - (index-p.first)%p.calls, p.calls}, index)
	}
	return calls
}

func (s *server) reply(word string, operand interface{}) error {
	text, err := json.Marshal(operand)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s %s\n", word, text)
	return s.out.Flush()
}

func cpuNs() int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return usage.Utime.Nano() + usage.Stime.Nano()
}
