// Threads makes calls that say which thread makes them, from goroutines that are each locked to a thread and go from CPU to CPU.
package main

import (
	"flag"
	"fmt"
	"runtime"
	"sync"
	"syscall"
	"time"
)

var (
	threads = flag.Int("threads", 4, "that call at the same time")
	calls   = flag.Int("calls", 1000, "of each thread")
)

// seen is traced.
//
//go:noinline
func seen(thread int) int {
	return thread + 1
}

func work() {
	runtime.LockOSThread()
	thread := syscall.Gettid()
	for i := 0; i < *calls; i++ {
		seen(thread)
		if i%100 == 0 {
			// Whoever sleeps may wake on another CPU.
			time.Sleep(time.Microsecond)
		}
	}
}

func main() {
	flag.Parse()
	var all sync.WaitGroup
	all.Add(*threads)
	for i := 0; i < *threads; i++ {
		go func() {
			defer all.Done()
			work()
		}()
	}
	all.Wait()
	fmt.Println(*threads * *calls)
}
