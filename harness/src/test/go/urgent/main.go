// Urgent deals with SIGURG in the way that its argument says, calls a function with a float many times, and says how many of the signals it saw.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"
	"unsafe"
)

const (
	calls    = 200
	setMask  = 2
	setBytes = 8
)

//go:noinline
func half(f float64, n int) float64 {
	if n > 0 {
		return half(f, n-1)
	}
	return f / 2
}

// Needs no stack, so that its first instruction is its sum's.
//
//go:noinline
func twice(f float64, n int) float64 { return f + f }

// The set of pending signals, as sigpending(2) has it.
func pending() uint64 {
	var set uint64
	syscall.RawSyscall(syscall.SYS_RT_SIGPENDING, uintptr(unsafe.Pointer(&set)), setBytes, 0)
	return set
}

func main() {
	urgent := make(chan os.Signal, 10*calls)
	switch os.Args[1] {
	case "unaware":
	case "listens":
		signal.Notify(urgent, syscall.SIGURG)
	case "listens-to-all":
		signal.Notify(urgent)
	case "listened":
		signal.Notify(urgent, syscall.SIGURG)
		signal.Stop(urgent)
	case "ignores":
		signal.Ignore(syscall.SIGURG)
	case "blocks":
		runtime.LockOSThread()
		set := uint64(1) << (syscall.SIGURG - 1)
		syscall.RawSyscall6(syscall.SYS_RT_SIGPROCMASK, setMask, uintptr(unsafe.Pointer(&set)), 0, setBytes, 0, 0)
	default:
		panic(os.Args[1])
	}
	for i := 0; i < calls; i++ {
		half(float64(i), 1)
	}
	twice(calls, 0)
	waiting := pending()
	time.Sleep(50 * time.Millisecond)
	seen := 0
	for len(urgent) > 0 {
		if <-urgent == syscall.SIGURG {
			seen++
		}
	}
	fmt.Println("seen", seen, "pending", waiting)
}
