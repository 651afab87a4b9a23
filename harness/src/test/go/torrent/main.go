// Torrent calls a function that does next to nothing as often and on as many threads as it is told, and says what came of it.
package main

import (
	"flag"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

// step is seen a hundred million times a second where nobody traces it.
//
//go:noinline
func step(n int, text string) int {
	return n + len(text)
}

func main() {
	threads := flag.Int("threads", 1, "how many")
	calls := flag.Int("calls", 1000, "how many each of them makes")
	flag.Parse()
	if *threads > runtime.GOMAXPROCS(0) {
		runtime.GOMAXPROCS(*threads)
	}
	var sum int64
	var all sync.WaitGroup
	for thread := 0; thread < *threads; thread++ {
		all.Add(1)
		go func() {
			defer all.Done()
			runtime.LockOSThread()
			own := 0
			for call := 0; call < *calls; call++ {
				own += step(call, "sixteen bytes ok")
			}
			atomic.AddInt64(&sum, int64(own))
		}()
	}
	all.Wait()
	fmt.Printf("%d threads, %d calls each, sum %d\n", *threads, *calls, sum)
}
