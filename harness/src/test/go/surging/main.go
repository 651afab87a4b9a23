// A program of which one function suddenly becomes much hotter than it was.
//
// Usage: surging CALLS. For half a second hot and calm are called a hundred times a second; then hot CALLS times in a row, and calm once for each
// 200 000 of them. Prints how often each was called.
package main

import (
	"fmt"
	"os"
	"strconv"
	"time"
)

const (
	calmCalls = 50
	pause     = 10 * time.Millisecond
	perCalm   = 200_000
	rounds    = 256 // even, so that i is as it was before
)

type failure struct{}

func (failure) Error() string { return "odd" }

// hot takes a tenth of a microsecond or so.
//
//go:noinline
func hot(i int, text string) (int, error) {
	for n := 0; n < rounds; n++ {
		i ^= n
	}
	if i%2 != 0 {
		return i + len(text), failure{}
	}
	return i + len(text), nil
}

//go:noinline
func calm(i int) int {
	return i + 1
}

// waits is open from the beginning to the end.
//
//go:noinline
func waits(i int, until <-chan struct{}) int {
	<-until
	return i
}

func main() {
	calls, err := strconv.Atoi(os.Args[1])
	if err != nil {
		panic(err)
	}
	until := make(chan struct{})
	done := make(chan int)
	go func() { done <- waits(7, until) }()
	sum := 0
	for i := 0; i < calmCalls; i++ {
		n, _ := hot(i, "calm")
		sum += n + calm(i)
		time.Sleep(pause)
	}
	calmed := calmCalls
	for i := 0; i < calls; i++ {
		n, _ := hot(i, "hot")
		sum += n
		if i%perCalm == 0 {
			sum += calm(i)
			calmed++
		}
	}
	close(until)
	sum += <-done
	fmt.Println(calls+calmCalls, calmed, sum)
}
