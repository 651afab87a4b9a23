// Functions with more floating-point arguments and results than there are free integer registers.
package main

import "fmt"

// It does not check its stack.
//
//go:noinline
func leaf(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o float64) float64 { return a + o }

//go:noinline
func few(x int, a, b, c float64) (float64, float64, float32) { return c, b, float32(a) }

//go:noinline
func all(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o float64, s string) (p, q, r, t, u, v, w, x, y, z, z1, z2, z3, z4 float64, s1 string) {
	fmt.Print(s)
	return o, n, m, l, k, j, i, h, g, f, e, d, c, b, s
}

//go:noinline
func both(p, q, r, s, t, u, v, w, x int, a, b, c, d complex128) (int, complex128, complex128) {
	fmt.Print("")
	return p + x, a, d
}

func main() {
	fmt.Println(leaf(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15))
	fmt.Println(few(1, 2, 3, 4))
	fmt.Println(all(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, "s"))
	fmt.Println(both(1, 2, 3, 4, 5, 6, 7, 8, 9, 1+2i, 3+4i, 5+6i, 7+8i))
}
