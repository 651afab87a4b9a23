// Recycled makes calls that say which goroutine makes them and how deep they are, from goroutines that end and whose runtime.g serves the
// next one, whose stacks grow and shrink between the calls, and from a program that executes itself anew.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"time"
)

var (
	waves      = flag.Int("waves", 10, "how often all goroutines are started, one wave after the other")
	goroutines = flag.Int("goroutines", 20, "of a wave")
	calls      = flag.Int("calls", 10, "of each goroutine, each from its outermost to its innermost")
	depth      = flag.Int("depth", 5, "of the calls")
	again      = flag.Bool("again", false, "let the last wave live, and execute the program once more, for one wave")
)

// seen is traced: all it is given is what the tracer has to find out by itself, and the text is as long as it is deep.
//
//go:noinline
func seen(goroutine int, depth int, text string) int {
	if depth > 0 {
		if depth&1 == 0 {
			grow(depth)
		}
		return seen(goroutine, depth-1, text[1:]) + 1
	}
	return len(text)
}

// grow needs so much stack that a small one is moved, and a collection may then make it small again.
//
//go:noinline
func grow(n int) byte {
	var frame [6 << 10]byte
	for i := n; i < len(frame); i += 512 {
		frame[i] = byte(i)
	}
	return frame[n] + deeper(n)
}

//go:noinline
func deeper(n int) byte {
	var frame [20 << 10]byte
	for i := n; i < len(frame); i += 512 {
		frame[i] = byte(i)
	}
	return frame[n]
}

// number is the current goroutine's, as the runtime prints it.
func number() int {
	var text [64]byte
	fields := bytes.Fields(text[:runtime.Stack(text[:], false)])
	n, err := strconv.Atoi(string(fields[1]))
	if err != nil {
		panic(err)
	}
	return n
}

func main() {
	flag.Parse()
	const marks = "abcdefghijklmnopqrstuvwxyz"
	text := marks[:*depth]
	for wave := 0; wave < *waves; wave++ {
		wave := wave
		var all sync.WaitGroup
		all.Add(*goroutines)
		for g := 0; g < *goroutines; g++ {
			go func() {
				own := number()
				for call := 0; call < *calls; call++ {
					seen(own, *depth, text)
					if call&3 == 3 {
						runtime.Gosched()
					}
				}
				all.Done()
				if *again && wave == *waves-1 {
					select {}
				}
			}()
		}
		all.Wait()
		// Until they have really ended.
		time.Sleep(time.Millisecond)
		if wave&3 == 3 {
			runtime.GC()
		}
	}
	fmt.Println(*waves**goroutines**calls*(*depth+1), "calls")
	if *again {
		arguments := append(append([]string{}, os.Args...), "-again=false", "-waves=1")
		panic(syscall.Exec("/proc/self/exe", arguments, os.Environ()))
	}
}

func init() {
	// Who probes a process loses sight of it when another thread than its first executes a program.
	runtime.LockOSThread()
}
