// Unwinding leaves functions in every way there is but returning from them. Its argument says which.
package main

import (
	"fmt"
	"os"
	"runtime"
	"sync"
)

//go:noinline
func leaf(n int) int { return n + 1 }

//go:noinline
func panics(n int) int {
	if n > 0 {
		panic("as was asked for")
	}
	return n
}

//go:noinline
func middle(n int) int { return panics(n) + 1 }

//go:noinline
func outer(n int) int { return middle(n) + 1 }

//go:noinline
func recovers(n int) (result int) {
	defer cleanup(&result)
	return outer(n)
}

//go:noinline
func cleanup(result *int) {
	if recover() != nil {
		*result = leaf(40)
	}
}

//go:noinline
func deferred(n int) { leaf(n) }

//go:noinline
func deferring(n int) int {
	defer deferred(n)
	return panics(n)
}

//go:noinline
func again(n int) {
	leaf(n)
	panic("again")
}

//go:noinline
func panicsInDeferred(n int) int {
	defer again(n)
	return panics(n)
}

//go:noinline
func survives(work func(int) int, n int) (result int) {
	defer cleanup(&result)
	return work(n)
}

//go:noinline
func dereferences(p *int) int { return *p + 1 }

//go:noinline
func dereferencing(n int) int { return dereferences(nil) + n }

//go:noinline
func recoversInside(n int) (result int) {
	defer cleanup(&result)
	return panics(n)
}

// whileUnwinding recovers from a panic of its own while another one is under way.
//
//go:noinline
func whileUnwinding(n int) { recoversInside(n) }

//go:noinline
func nests(n int) int {
	defer whileUnwinding(n)
	return panics(n)
}

//go:noinline
func ends(n int) int {
	runtime.Goexit()
	return n
}

//go:noinline
func endsBelow(n int) int {
	defer deferred(n)
	return ends(n) + 1
}

//go:noinline
func exits(n int) int {
	os.Exit(n)
	return n
}

//go:noinline
func waits(started chan<- bool, never <-chan int) int {
	started <- true
	return <-never
}

func inGoroutine(work func()) {
	var done sync.WaitGroup
	done.Add(1)
	go func() {
		defer done.Done()
		work()
	}()
	done.Wait()
}

func main() {
	switch os.Args[1] {
	case "recover":
		fmt.Println(recovers(1), recovers(0), leaf(1))
	case "deferred":
		fmt.Println(survives(deferring, 1), leaf(1))
	case "panic-in-deferred":
		fmt.Println(survives(panicsInDeferred, 1), leaf(1))
	case "nested":
		fmt.Println(survives(nests, 1), leaf(1))
	case "nil":
		fmt.Println(survives(dereferencing, 1), leaf(1))
	case "goexit":
		inGoroutine(func() { endsBelow(1) })
		fmt.Println(leaf(1))
	case "exit":
		fmt.Println(leaf(1))
		exits(3)
	case "fatal":
		fmt.Println(leaf(1))
		outer(1)
	case "waiting":
		never := make(chan int)
		started := make(chan bool)
		go waits(started, never)
		<-started
		fmt.Println(leaf(1))
	}
}
