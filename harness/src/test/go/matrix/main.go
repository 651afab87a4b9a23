// A program with typical signatures, to be built in every way that programs are built. It calls each function once, except where it says so.
package main

import (
	"errors"
	"fmt"
)

type point struct {
	X, Y int
	Name string
}

//go:noinline
func (p *point) scale(factor float64, by int) point {
	return point{int(float64(p.X) * factor), p.Y * by, p.Name + "!"}
}

//go:noinline
func numbers(a int8, b uint64, c float32, ok bool) (sum int64, half float64) {
	return int64(a) + int64(b), float64(c) / 2
}

//go:noinline
func text(s string, b []byte, names []string) (string, error) {
	return s + string(b) + names[1], errors.New("text: " + s)
}

//go:noinline
func many(a, b, c, d, e, f, g, h, i, j, k, l int) (int, int) {
	return a + b + c + d + e + f, g + h + i + j + k + l
}

//go:noinline
func hold(v any, err error, f func(int) int, counts map[string]int) (any, func(int) int) {
	return f(len(counts)), f
}

//go:noinline
func double(n int) int { return 2 * n }

//go:noinline
func generic[T any](v T, rest ...T) (T, int) { return v, len(rest) }

// Called three times.
//
//go:noinline
func down(n int) int {
	if n == 0 {
		return 0
	}
	return n + down(n-1)
}

// Called once through a variable; otherwise the compiler puts its code into its callers.
func small(n int) int { return n + 1 }

var kept = small

// Exists only inside its callers.
func tiny(n int) int { return n - 1 }

func main() {
	p := &point{3, 4, "p"}
	fmt.Println(p.scale(1.5, 2))
	fmt.Println(numbers(-5, 1<<40, 2.5, true))
	fmt.Println(text("héllo", []byte("bytes"), []string{"one", "two"}))
	fmt.Println(many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12))
	_, f := hold(point{1, 2, "held"}, errors.New("held"), double, map[string]int{"a": 1})
	fmt.Println(f(4), down(2))
	fmt.Println(generic("x", "y", "z"))
	fmt.Println(kept(1), small(len(p.Name)), small(p.X), tiny(p.Y), viaC(20))
}
