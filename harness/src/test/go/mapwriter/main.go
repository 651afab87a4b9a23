// A map is passed on while another goroutine writes to it, now and then.
package main

import (
	"math/rand"
	"sync/atomic"
	"time"
)

const calls, most = 1500, 240

//go:noinline
func look(m map[int]int) bool { return m != nil }

// write puts entries in and takes them out, so that the map grows and shrinks; a value follows from its key.
func write(m map[int]int, done *int32) {
	for round := 0; atomic.LoadInt32(done) == 0; round++ {
		for i := 0; i < 40; i++ {
			key := rand.Intn(1000)
			if len(m) < most {
				m[key] = 3*key + 1
			}
			delete(m, rand.Intn(1000))
		}
		if round%50 == 0 {
			for key := range m {
				delete(m, key)
			}
		}
		for until := time.Now().Add(time.Duration(rand.Intn(200)) * time.Microsecond); time.Now().Before(until); {
		}
	}
}

func main() {
	m := map[int]int{}
	var done int32
	ended := make(chan bool)
	go func() {
		write(m, &done)
		close(ended)
	}()
	seen := 0
	for i := 0; i < calls; i++ {
		if look(m) {
			seen++
		}
	}
	atomic.StoreInt32(&done, 1)
	<-ended
	if seen != calls {
		panic(seen)
	}
}
