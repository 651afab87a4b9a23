// A program with one function of each shape that matters to who chooses probe sites.
package main

import (
	"fmt"
	"os"
)

// small is inlined at three places.
func small(n int) int {
	return n*3 + len(os.Args)
}

//go:noinline
func run(n int) int {
	return small(n) + small(n+len(os.Args))
}

// kept is inlined once and also has code, since its address is taken.
func kept(n int) int {
	return n ^ len(os.Args)
}

var function = kept

// sum, jump, spin are in assembly.
func sum(a, b int) int

func jump(a, b int) int

func spin(n int)

type inner struct{ n int }

//go:noinline
func (i *inner) Add(n int) int {
	return i.n + n
}

// Outer's Add is a wrapper that jumps to inner's.
type outer struct {
	padding [2]int
	*inner
}

type adder interface{ Add(n int) int }

//go:noinline
func choose(n int) string {
	switch n {
	case 0:
		return "a"
	case 1:
		return "bc"
	case 2:
		return "def"
	case 3:
		return "ghij"
	case 4:
		return "klmno"
	case 5:
		return "pqrstu"
	case 6:
		return "vwxyz01"
	case 7:
		return "23456789"
	case 8:
		return "abcdefghi"
	}
	return ""
}

//go:noinline
func Map[T any](values []T, each func(T) T) []T {
	var mapped []T
	for _, value := range values {
		mapped = append(mapped, each(value))
	}
	return mapped
}

//go:noinline
func huge(n int) int {
	var frame [100000]byte
	frame[n%len(frame)] = byte(n)
	return int(frame[(n+1)%len(frame)]) + len(frame)
}

func main() {
	n := len(os.Args)
	var a adder = outer{inner: &inner{n}}
	spin(3)
	fmt.Println(small(n), run(n), kept(n), function(n), sum(n, 2), jump(n, 3), a.Add(4), choose(n), huge(n))
	fmt.Println(Map([]int{n}, function), Map([]string{"x"}, func(s string) string { return s + s }))
}
