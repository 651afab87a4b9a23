// Calls with known arguments and results, one function each, to compare tracers by.
package main

import (
	"errors"
	"fmt"
	"os"
	"time"
)

type point struct{ X, Y int }

type shape interface{ area() float64 }

type square struct{ side float64 }

func (s square) area() float64 { return s.side * s.side }

//go:noinline
func integers(a int, b int8, c uint64) (sum int) { fmt.Print(""); return a + int(b) + int(c) }

//go:noinline
func unnamed(a int) int { fmt.Print(""); return a + 1 }

//go:noinline
func seven(a, b, c, d, e, f, g int) (sum int) { fmt.Print(""); return a + b + c + d + e + f + g }

//go:noinline
func floats(a float64, b float32) (sum float64) { fmt.Print(""); return a + float64(b) }

//go:noinline
func text(s string) (t string) { fmt.Print(""); return s + "!" }

//go:noinline
func slices(b []int) (c []int) { fmt.Print(""); return b[1:] }

//go:noinline
func structs(p point) (q point) { fmt.Print(""); return point{p.Y, p.X} }

//go:noinline
func pointers(p *point) (q *point) { fmt.Print(""); return &point{p.Y, p.X} }

//go:noinline
func maps(m map[string]int) (n int) { fmt.Print(""); return len(m) }

//go:noinline
func interfaces(s shape) (a any) { fmt.Print(""); return int(s.area()) }

//go:noinline
func failing(n int) (err error) { fmt.Print(""); return errors.New("broken") }

//go:noinline
func several(a int, s string) (int, string, bool) { fmt.Print(""); return a * 2, s + "?", true }

//go:noinline
func generic[T any](v T, n int) (w T) { fmt.Print(""); return v }

//go:noinline
func (p *point) method(by int) (sum int) { fmt.Print(""); return p.X + p.Y + by }

//go:noinline
func recursive(n int) (sum int) {
	fmt.Print("")
	if n == 0 {
		return 0
	}
	return n + recursive(n-1)
}

func main() {
	kept := []any{
		integers(-7, -8, 9), unnamed(41), seven(1, 2, 3, 4, 5, 6, 7), floats(1.5, 2.25), text("hello"), slices([]int{4, 5, 6}),
		structs(point{1, 2}), pointers(&point{3, 4}), maps(map[string]int{"a": 1}), interfaces(square{2.5}), failing(5),
		generic("x", 3), (&point{5, 6}).method(7), recursive(2),
	}
	a, s, ok := several(21, "why")
	fmt.Println(len(kept), a, s, ok)
	// Delve asks for what its eBPF program saw now and then, and not again when the program has ended.
	if len(os.Args) > 1 {
		time.Sleep(2 * time.Second)
	}
}
