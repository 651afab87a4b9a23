// Surge works for a while, in one goroutine, as fast as it can. Each piece of its work takes some milliseconds, or as long as is wanted, and calls one
// small function; from some moment on, a thousand times as often. At the end it says how many pieces it has done, which is what tracing costs it.
package main

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"time"
)

//go:noinline
func visited(piece int, call int) int {
	return piece ^ call
}

//go:noinline
func piece(digests int, seed [sha256.Size]byte) [sha256.Size]byte {
	for i := 0; i < digests; i++ {
		seed = sha256.Sum256(seed[:])
	}
	return seed
}

func main() {
	lasting := flag.Duration("for", time.Minute, "how long to work")
	quiet := flag.Duration("quiet", 20*time.Second, "how long until the function is called more often")
	times := flag.Int("times", 1000, "how much more often")
	digests := flag.Int("digests", 40_000, "how many make a piece of work")
	flag.Parse()
	var sum [sha256.Size]byte
	began := time.Now()
	pieces, calls, all := 0, 1, 0
	for now := began; now.Sub(began) < *lasting; now = time.Now() {
		if now.Sub(began) >= *quiet {
			calls = *times
		}
		sum = piece(*digests, sum)
		for i := 0; i < calls; i++ {
			all += visited(pieces, i) & 1
		}
		pieces++
	}
	fmt.Printf("%d pieces (%x, %d)\n", pieces, sum[:4], all)
}
