// Unruly does on command what makes the life of a tracer hard. It reads commands from standard input, answers each with one line, and
// ends with its input.
package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
)

// probed is what the tests trace.
//
//go:noinline
func probed(n int, s string, f float64) int {
	return n*3 + len(s) + int(f*2) + helper(n)
}

//go:noinline
func helper(n int) int {
	return n & 1
}

// deep calls itself with a large frame, so that the stack is moved often.
//
//go:noinline
func deep(below int) int {
	var frame [64]int
	frame[below&63] = below
	if below == 0 {
		return frame[0]
	}
	return deep(below-1) + frame[below&63] - below + 1
}

// plain has no stack check, at which the scheduler of a forked copy, which has none of the other threads, could put it to sleep for good.
//
//go:noinline
//go:nosplit
func plain(n int) int {
	return n*3 + 1
}

// bare returns with its first instruction.
//
//go:noinline
func bare() {}

var calls, signals, traps int64

// run makes calls; a run that made them all correctly returns 0.
func run(from, count int) (wrong int) {
	const letters = "abcdefghijklmnopqrstuvwxyz"
	for i := from; i < from+count; i++ {
		s := letters[:i%27]
		f := float64(i) / 2
		if probed(i, s, f) != i*3+len(s)+int(f*2)+i&1 {
			wrong++
		}
		atomic.AddInt64(&calls, 1)
	}
	return wrong
}

func concurrently(goroutines int, work func(number int) int) int {
	var all sync.WaitGroup
	var wrong int64
	all.Add(goroutines)
	for g := 0; g < goroutines; g++ {
		go func(number int) {
			defer all.Done()
			atomic.AddInt64(&wrong, int64(work(number)))
		}(g)
	}
	all.Wait()
	return int(wrong)
}

func children(count int) (wrong int) {
	for i := 0; i < count; i++ {
		err := exec.Command("/bin/sh", "-c", fmt.Sprint("exit ", i%3)).Run()
		if code := 0; err != nil {
			code = err.(*exec.ExitError).ExitCode()
			if code != i%3 {
				wrong++
			}
		} else if i%3 != 0 {
			wrong++
		}
	}
	return wrong
}

// lateChild has a child that uses this process's memory for as long as it takes to hand it many files.
func lateChild() (wrong int) {
	command := exec.Command("/bin/true")
	for i := 0; i < 1000; i++ {
		command.ExtraFiles = append(command.ExtraFiles, os.Stdin)
	}
	if command.Run() != nil {
		wrong = 1
	}
	return wrong
}

// fork makes a copy of the process that calls what is probed, and returns the copy's exit code.
func fork() int {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	pid, _, _ := syscall.RawSyscall(syscall.SYS_FORK, 0, 0, 0)
	if pid == 0 {
		syscall.RawSyscall(syscall.SYS_EXIT_GROUP, uintptr(plain(10)), 0, 0)
	}
	var status syscall.WaitStatus
	syscall.Wait4(int(pid), &status, 0, nil)
	if status.Signaled() {
		return -int(status.Signal())
	}
	return status.ExitStatus()
}

// forever calls for ever what returns 0 unless something went wrong; then the program ends.
func forever(work func(i int) int) {
	for i := 0; ; i++ {
		if work(i) != 0 {
			panic("wrong result")
		}
	}
}

func serve(endLeader chan<- bool) {
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		var command string
		var a, b int
		fmt.Sscan(in.Text(), &command, &a, &b)
		answer := 0
		switch command {
		case "call": // a calls on each of b goroutines
			answer = concurrently(b, func(number int) int { return run(number*a, a) })
		case "threads": // a times b threads that are born, call and die
			for i := 0; i < a; i++ {
				answer += concurrently(b, func(number int) int {
					runtime.LockOSThread()
					return run(i*b+number, 1)
				})
			}
		case "deep": // a recursions of depth b
			for i := 0; i < a; i++ {
				answer += concurrently(1, func(int) int { return deep(b) - b })
			}
		case "bare":
			for i := 0; i < a; i++ {
				bare()
			}
		case "spin": // on a goroutines, for ever
			for g := 0; g < a; g++ {
				go func() {
					for i := 0; ; i++ {
						if run(i, 1) != 0 {
							panic("wrong result")
						}
					}
				}()
			}
		case "harry": // for ever: a goroutines that call, one whose stack grows, one whose threads are born and die, two that have children
			for g := 0; g < a; g++ {
				go forever(func(i int) int { return run(i, 1) })
			}
			go forever(func(i int) int { return concurrently(1, func(int) int { return deep(i&63+1) - (i&63 + 1) }) })
			go forever(func(i int) int {
				return concurrently(1, func(int) int {
					runtime.LockOSThread()
					return run(i, 1)
				})
			})
			go forever(func(int) int { return children(3) })
			go forever(func(int) int { return lateChild() })
		case "breed": // for ever: a goroutines that have children which take their time until they execute a program
			for g := 0; g < a; g++ {
				go forever(func(int) int { return lateChild() })
			}
		case "count":
			answer = int(atomic.LoadInt64(&calls))
		case "signals":
			answer = int(atomic.LoadInt64(&signals))
		case "traps":
			answer = int(atomic.LoadInt64(&traps))
		case "breakpoint":
			runtime.Breakpoint()
		case "children":
			answer = children(a)
		case "fork":
			answer = fork()
		case "exec":
			fmt.Println("exec 0")
			panic(syscall.Exec("/bin/cat", []string{"cat"}, os.Environ()))
		case "leader":
			endLeader <- true
		case "exit": // in the middle of calls
			for g := 0; g < b; g++ {
				go run(0, 1<<40)
			}
			for atomic.LoadInt64(&calls) < 100 {
				runtime.Gosched()
			}
			os.Exit(a)
		}
		fmt.Println(command, answer)
	}
	os.Exit(0)
}

func init() {
	// The main goroutine stays on the process's first thread.
	runtime.LockOSThread()
}

func main() {
	// Some goroutine can always run, whatever becomes of the first thread.
	runtime.GOMAXPROCS(4)
	received := make(chan os.Signal, 16)
	signal.Notify(received, syscall.SIGUSR1, syscall.SIGTRAP)
	go func() {
		for each := range received {
			if each == syscall.SIGTRAP {
				atomic.AddInt64(&traps, 1)
			} else {
				atomic.AddInt64(&signals, 1)
			}
		}
	}()
	endLeader := make(chan bool)
	go serve(endLeader)
	<-endLeader
	syscall.Syscall(syscall.SYS_EXIT, 0, 0, 0)
}
