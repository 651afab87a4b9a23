// Goroutines that all do the same: calls in calls, panics, and stacks that grow.
package main

import (
	"fmt"
	"os"
	"strconv"
	"sync"
)

//go:noinline
func inner(n int) int { return n + 1 }

//go:noinline
func outer(n int) int { return inner(n) + inner(n+1) }

//go:noinline
func panics(n int) int {
	if n%2 == 0 {
		panic(n)
	}
	return n
}

func survives(n int) {
	defer func() { _ = recover() }()
	panics(n)
}

//go:noinline
func deep(n int) int {
	var room [256]byte
	room[n%len(room)] = byte(n)
	if n == 0 {
		return 0
	}
	return deep(n-1) + int(room[n%len(room)])&1
}

func main() {
	goroutines, _ := strconv.Atoi(os.Args[1])
	calls, _ := strconv.Atoi(os.Args[2])
	var all sync.WaitGroup
	for i := 0; i < goroutines; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for n := 0; n < calls; n++ {
				outer(n)
				survives(n)
			}
			deep(calls)
		}()
	}
	all.Wait()
	fmt.Println("done")
}
