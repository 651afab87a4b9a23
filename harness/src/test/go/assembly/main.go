// Goroutines that move between threads, each of which calls functions in assembly with numbers of its own.
package main

import (
	"fmt"
	"runtime"
	"sync"

	"tracetoll.dev/assembly/asm"
)

const (
	goroutines = 40
	rounds     = 10
	// Goroutine i passes numbers from i * own on.
	own = 1000
)

//go:noinline
func work(i int) int {
	n := i * own
	for range [rounds]struct{}{} {
		n = asm.Keeps(n)
		n = asm.Clobbers(n)
		runtime.Gosched()
		n = viaC(n)
		n = asm.Points(n)
		n = asm.Calls(n)
		n = asm.Grows(n)
	}
	return n
}

func main() {
	var group sync.WaitGroup
	sums := make([]int, goroutines)
	for i := range sums {
		group.Add(1)
		go func(i int) {
			defer group.Done()
			sums[i] = work(i)
		}(i)
	}
	group.Wait()
	fmt.Println(sums)
}
