// Executing executes programs: itself, so many times one behind the other, or another one. Its arguments say how, and how often it is still to.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"time"
)

const callers = 64

func init() {
	// The first thread is main's own.
	runtime.LockOSThread()
}

//go:noinline
func step(n int) int { return n + 1 }

//go:noinline
func scale(f float64) float64 { return f * float64(step(1)) }

//go:noinline
func deep(n int) int {
	var room [256]int
	if n == 0 {
		return step(room[n])
	}
	room[n%256] = deep(n - 1)
	return room[n%256]
}

//go:noinline
func execute(program string, arguments ...string) {
	err := syscall.Exec(program, append([]string{program}, arguments...), os.Environ())
	panic(err)
}

// Calls execute in a thread that is not the first one.
func executeElsewhere(program string, arguments ...string) {
	go func() {
		runtime.LockOSThread()
		execute(program, arguments...)
	}()
	select {}
}

// Has many goroutines call until the process ends; returns once each has begun.
func callForever() {
	var begun sync.WaitGroup
	for i := 0; i < callers; i++ {
		begun.Add(1)
		go func() {
			step(0)
			begun.Done()
			for {
				deep(10)
				scale(2)
				time.Sleep(50 * time.Microsecond)
			}
		}()
	}
	begun.Wait()
}

func main() {
	mode := os.Args[1]
	left, err := strconv.Atoi(os.Args[2])
	if err != nil {
		panic(err)
	}
	if mode == "await" {
		// Whoever is to trace it has begun to once there is something to read.
		if _, err := os.Stdin.Read(make([]byte, 1)); err != nil {
			panic(err)
		}
		mode = os.Args[3]
	}
	step(left)
	again := []string{mode, strconv.Itoa(left - 1)}
	if left == 0 {
		fmt.Println("done", scale(2))
		return
	}
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	switch mode {
	case "first":
		execute(self, again...)
	case "elsewhere":
		executeElsewhere(self, again...)
	case "alternating":
		if left%2 == 0 {
			execute(self, again...)
		}
		executeElsewhere(self, again...)
	case "busy":
		callForever()
		execute(self, again...)
	case "busy-elsewhere":
		callForever()
		executeElsewhere(self, again...)
	case "other":
		execute("/bin/echo", "done")
	case "other-elsewhere":
		executeElsewhere("/bin/echo", "done")
	case "and-back":
		execute("/bin/sh", "-c", `exec "$0" first 0`, self)
	case "failing":
		if err := syscall.Exec("/nonexistent", nil, nil); err == nil {
			panic("executed what is not there")
		}
		step(0)
		fmt.Println("done")
	case "child":
		child := exec.Command(self, "first", "1")
		child.Stdout = os.Stdout
		if err := child.Run(); err != nil {
			panic(err)
		}
		step(0)
	default:
		panic(mode)
	}
}
