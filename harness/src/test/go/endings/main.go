// Endings makes calls until it has made so many or is told to end by a signal, waits for all that it has begun, and says how many calls it made.
// The test that builds it adds many functions, in a file of their own.
//
//	endings sequential|goroutines|many CALLS
//	endings memory …                           the same from a file that is in memory only
package main

import (
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"
)

const goroutines = 64

var (
	many []func(int, string) int
	made int64
	stop int32
	// calls of the functions that are traced
	calls int64
)

// Step is the function that is called, but for what has many.
//
//go:noinline
func Step(n int, s string) int {
	if n&63 == 0 {
		time.Sleep(100 * time.Microsecond)
	}
	return Deep(n&7, s) + n
}

// Deep calls itself, so that calls are open within calls.
//
//go:noinline
func Deep(n int, s string) int {
	if n == 0 {
		return len(s)
	}
	return Deep(n-1, s) + 1
}

func next(most int64) (int, bool) {
	if atomic.LoadInt32(&stop) != 0 {
		return 0, false
	}
	n := atomic.AddInt64(&made, 1)
	if n > most {
		atomic.AddInt64(&made, -1)
		return 0, false
	}
	return int(n), true
}

// inMemory executes this program from a file without a name; see memfd_create(2).
func inMemory(arguments []string) error {
	const memfdCreate = 319
	name := [...]byte{'p', 0}
	fd, _, errno := syscall.Syscall(memfdCreate, uintptr(unsafe.Pointer(&name[0])), 0, 0)
	if errno != 0 {
		return errno
	}
	program, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		return err
	}
	if _, err := os.NewFile(fd, "p").Write(program); err != nil {
		return err
	}
	return syscall.Exec(fmt.Sprintf("/proc/self/fd/%d", fd), arguments, os.Environ())
}

func main() {
	if os.Args[1] == "memory" {
		panic(inMemory(os.Args[1:]))
	}
	most, err := strconv.ParseInt(os.Args[2], 10, 64)
	if err != nil {
		panic(err)
	}
	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		<-told
		atomic.StoreInt32(&stop, 1)
	}()
	fmt.Println("begun")
	workers, call, deep := 1, Step, true
	switch os.Args[1] {
	case "goroutines":
		workers = goroutines
	case "many":
		deep = false
		call = func(n int, s string) int {
			if n&63 == 0 {
				time.Sleep(100 * time.Microsecond)
			}
			return many[n*7919%len(many)](n, s)
		}
	}
	var all sync.WaitGroup
	for i := 0; i < workers; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for n, more := next(most); more; n, more = next(most) {
				call(n, "sixteen bytes ok")
				if workers > 1 {
					// Many are in the midst of something, but what they do can be read in a moment.
					time.Sleep(10 * time.Millisecond)
				}
				if deep {
					atomic.AddInt64(&calls, int64(2+n&7))
				} else {
					atomic.AddInt64(&calls, 1)
				}
			}
		}()
	}
	all.Wait()
	fmt.Println("made", atomic.LoadInt64(&calls))
}
