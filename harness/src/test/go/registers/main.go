// Registers calls functions that take and return what is in any of the registers that the calling convention has, some of which no signature
// tells of: what generic functions are given of their types, and a closure's variables. What it prints depends on all of it.
package main

import (
	"fmt"
	"strconv"
)

const calls = 200

//go:noinline
func generic[T any](x T, n int) string { return fmt.Sprintf("%T%v%d", x, x, n) }

//go:noinline
func withoutArguments[T any]() string {
	var x T
	return fmt.Sprintf("%T", x)
}

type box[T any] struct{ a, b T }

//go:noinline
func (x *box[T]) get(n int) string { return fmt.Sprintf("%T%v%d", x.a, x.b, n) }

//go:noinline
func (x box[T]) value() string { return fmt.Sprintf("%T%v", x, x.b) }

//go:noinline
func floats(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o float64) float64 {
	return a + b*2 + c*3 + d*4 + e*5 + f*6 + g*7 + h*8 + i*9 + j*10 + k*11 + l*12 + m*13 + n*14 + o*15
}

//go:noinline
func integers(a, b, c, d, e, f, g, h, i int) (int, int, int, int, int, int, int, int, int) {
	return i, h, g, f, e, d, c, b, a
}

//go:noinline
func all(a, b, c, d, e, f, g, h, i int, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x float64) (int, float64) {
	return a + 2*b + 3*c + 4*d + 5*e + 6*f + 7*g + 8*h + 9*i, floats(j, k, l, m, n, o, p, q, r, s, t, u, v, w, x)
}

//go:noinline
func closure(x int) func(int, string) string {
	return func(n int, s string) string {
		if n%2 == 0 {
			return s + strconv.Itoa(x)
		}
		return s
	}
}

func main() {
	hash := 0
	add := func(all ...any) {
		for _, c := range fmt.Sprint(all...) {
			hash = hash*31 + int(c)
		}
	}
	for i := 0; i < calls; i++ {
		f := float64(i)
		add(generic(i, i), generic("x", i), generic(f, i), withoutArguments[int](), withoutArguments[[]string]())
		ints, texts := &box[int]{i, i + 1}, &box[string]{"a", "b"}
		add(ints.get(i), ints.value(), texts.get(i), texts.value())
		add(floats(f, f+1, f+2, f+3, f+4, f+5, f+6, f+7, f+8, f+9, f+10, f+11, f+12, f+13, f+14))
		add(integers(i, i+1, i+2, i+3, i+4, i+5, i+6, i+7, i+8))
		add(all(i, i+1, i+2, i+3, i+4, i+5, i+6, i+7, i+8, f, f+1, f+2, f+3, f+4, f+5, f+6, f+7, f+8, f+9, f+10, f+11, f+12, f+13, f+14))
		add(closure(i)(i, "q"))
	}
	fmt.Println(hash)
}
