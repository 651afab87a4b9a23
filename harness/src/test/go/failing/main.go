// A program whose functions fail as often as it says itself.
package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"
)

var errThird = errors.New("a third of all")

func failure(n, of int) error {
	if n%of == 0 {
		return errThird
	}
	return nil
}

//go:noinline
func parse(n int) (int, error) { return n, failure(n, 3) }

//go:noinline
func check(n int) error { return failure(n, 2) }

// Either of them, and both.
//
//go:noinline
func either(n int) (error, int, error) { return failure(n, 2), n, failure(n, 3) }

// Has no registers left for its error.
//
//go:noinline
func crowded(n int) (a, b, c, d, e, f, g, h int, err error) {
	return n, n, n, n, n, n, n, n, failure(n, 5)
}

//go:noinline
func silent(n int) int {
	time.Sleep(time.Microsecond)
	return n
}

// Has results in the registers that are the most wanted.
//
//go:noinline
func several(n int) (int, []byte) { return n, make([]byte, n, 2*n) }

//go:noinline
func panics(n int) (err error) {
	if n%2 == 0 {
		panic("not returned")
	}
	return failure(n, 3)
}

func survives(n int) {
	defer func() { _ = recover() }()
	_ = panics(n)
}

//go:noinline
func neverCalled() error { return nil }

func main() {
	times, _ := strconv.Atoi(os.Args[1])
	for n := 0; n < times; n++ {
		parsed, _ := parse(n)
		_ = check(n)
		_, second, _ := either(n)
		first, _, third, _, _, _, _, _, _ := crowded(n)
		number, bytes := several(n)
		if silent(n) != n || parsed != n || second != n || first != n || third != n ||
			number != n || len(bytes) != n || cap(bytes) < 2*n {
			fmt.Println("results are not what was returned")
			os.Exit(1)
		}
		survives(n)
	}
	if times < 0 {
		_ = neverCalled()
	}
	fmt.Println("done")
}
