// Stress makes calls that carry what proves them right, from many goroutines whose stacks grow and which the scheduler moves about while
// the collector runs. What it prints does not depend on the order in which things happen.
package main

import (
	"flag"
	"fmt"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// Job is handed on by pointer; everything in it follows from its index.
type Job struct {
	Index  int
	Worker int
	Name   string
	Weight float64
}

const (
	offset64 = 14695981039346656037
	prime64  = 1099511628211
)

// hash is FNV-1a of an index in decimal.
func hash(text string) uint64 {
	h := uint64(offset64)
	for i := 0; i < len(text); i++ {
		h = (h ^ uint64(text[i])) * prime64
	}
	return h
}

// outer is traced, and so is what it calls. It uses neither text nor job: what a function does not use may be collected as soon as it is
// called, and is lost from its register when its stack grows.
//
//go:noinline
func outer(index int, text string, job *Job, weight float64, check uint64) (uint64, float64) {
	var frame [128]byte
	frame[index&127] = byte(index)
	if index&7 == 0 {
		runtime.Gosched()
	}
	below := inner(check, float32(weight), index)
	garbage(index)
	return check ^ uint64(index) ^ uint64(below) ^ uint64(frame[index&127]), weight * 2
}

//go:noinline
func inner(check uint64, half float32, index int) int {
	if index&15 == 3 {
		spin(index)
	}
	return index + int(half)
}

var sink atomic.Value

func garbage(index int) {
	sink.Store(make([]byte, 64+index&1023))
}

var spun int64

// spin is long enough to be preempted in, without a call in it.
func spin(index int) {
	n := int64(0)
	for i := 0; i < 2000; i++ {
		n += int64(i ^ index)
	}
	atomic.AddInt64(&spun, n)
}

// deep runs something below a large frame for each level, so that the stack has to grow and move.
//
//go:noinline
func deep(levels int, work func()) byte {
	var frame [512]byte
	frame[levels&511] = byte(levels)
	if levels == 0 {
		work()
	} else {
		frame[0] += deep(levels-1, work)
	}
	return frame[levels&511]
}

func call(worker, index int) uint64 {
	text := strconv.Itoa(index)
	job := &Job{Index: index, Worker: worker, Name: "job " + text, Weight: float64(index) / 4}
	mixed, double := outer(index, text, job, job.Weight, hash(text))
	return mixed + uint64(double)
}

func main() {
	goroutines := flag.Int("goroutines", 1000, "how many")
	calls := flag.Int("calls", 100, "how many of outer each of them makes; each makes one of inner")
	flag.Parse()
	var all sync.WaitGroup
	var sum uint64
	stop := make(chan struct{})
	go func() {
		for {
			select {
			case <-stop:
				return
			default:
				runtime.GC()
			}
		}
	}()
	for worker := 0; worker < *goroutines; worker++ {
		all.Add(1)
		go func(worker int) {
			defer all.Done()
			if worker%16 == 5 {
				runtime.LockOSThread()
				defer runtime.UnlockOSThread()
			}
			own := uint64(0)
			for i := 0; i < *calls; {
				deep((worker+i)%40, func() {
					for some := 0; some < 10 && i < *calls; some++ {
						own += call(worker, worker**calls+i)
						i++
					}
				})
				if (worker+i)%97 == 0 {
					time.Sleep(time.Microsecond)
				}
			}
			atomic.AddUint64(&sum, own)
		}(worker)
	}
	all.Wait()
	close(stop)
	fmt.Printf("%d calls, sum %d\n", 2**goroutines**calls, sum)
}
