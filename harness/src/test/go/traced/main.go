// A program to be traced from the command line: what it does is its first argument.
package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"
)

//go:noinline
func add(n int, s string) int { return n + len(s) }

func inlined(n int) int { return n + 1 }

//go:noinline
func outer(calls int) (total int) {
	for i := 0; i < calls; i++ {
		total += add(i, "héllo")
	}
	return
}

//go:noinline
func crash(p *int) int { return *p }

// Every byte there is, so that whoever changes one is found out.
func allBytes() []byte {
	var all [256]byte
	for i := range all {
		all[i] = byte(i)
	}
	return bytes.Repeat(all[:], 64)
}

// Calls until the input ends, and hands back how often.
func serve() int {
	var ended int32
	go func() {
		io.Copy(io.Discard, os.Stdin)
		atomic.StoreInt32(&ended, 1)
	}()
	n := 0
	for ; atomic.LoadInt32(&ended) == 0; n++ {
		add(n, "x")
		time.Sleep(time.Millisecond)
	}
	return n
}

//go:noinline
func nap(d time.Duration) { time.Sleep(d) }

// Only during initialization is the main goroutine certainly on the first thread.
func init() {
	if os.Args[1] == "much memory" {
		runtime.LockOSThread()
	}
}

func main() {
	switch os.Args[1] {
	case "calls":
		os.Stdout.Write(allBytes())
		os.Stderr.Write(allBytes())
		fmt.Println(outer(3))
		os.Exit(3)
	case "arguments":
		fmt.Printf("%q", os.Args[2:])
	case "much memory":
		// In use, so that the kernel gives it back page by page when the program ends.
		memory, _ := syscall.Mmap(-1, 0, 3<<29, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
		syscall.Madvise(memory, syscall.MADV_NOHUGEPAGE)
		for at := 0; at < len(memory); at += 4096 {
			memory[at] = 1
		}
		fmt.Println(add(len(memory), "x"))
		go func() {
			time.Sleep(time.Millisecond)
			os.Exit(0)
		}()
		// Busy in the kernel, the first thread ends after all others, and so it is the one that gives the memory back.
		syscall.Madvise(memory[:1<<29], syscall.MADV_DONTNEED)
	case "nothing":
		os.Exit(7)
	case "crash":
		// The default disposition, so that the runtime makes no panic of it; see rt_sigaction(2).
		var action [4]uintptr
		syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(syscall.SIGSEGV), uintptr(unsafe.Pointer(&action)), 0, 8, 0, 0)
		crash(nil)
	case "naps":
		var total time.Duration
		for i := 0; i < 20; i++ {
			start := time.Now()
			nap(10 * time.Millisecond)
			total += time.Since(start)
		}
		fmt.Println(total.Nanoseconds())
	case "calls, then waits":
		outer(3)
		fmt.Println("ready")
		io.Copy(io.Discard, os.Stdin)
	case "serve":
		fmt.Println("ready")
		fmt.Println("served", inlined(serve()) > 1)
	case "busy":
		calls, _ := strconv.Atoi(os.Args[2])
		for i := 0; i < calls; i++ {
			add(i, "x")
		}
		fmt.Println("called")
	case "busy until told":
		var ended int32
		go func() {
			io.Copy(io.Discard, os.Stdin)
			atomic.StoreInt32(&ended, 1)
		}()
		fmt.Println("ready")
		n := 0
		for ; atomic.LoadInt32(&ended) == 0; n++ {
			add(n, "x")
		}
		fmt.Println("served", n > 0)
	case "prints":
		for i := 0; i < 2000; i++ {
			add(i, "x")
			fmt.Println("a line of the program's own")
		}
	case "stubborn":
		signal.Ignore(syscall.SIGINT, syscall.SIGTERM)
		fmt.Println("ready")
		serve()
	}
}
