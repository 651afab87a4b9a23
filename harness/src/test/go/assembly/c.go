//go:build cgo

package main

/*
// With these, g is not the only thread-local variable of the program, nor the last.
__thread int initialised = 3;
__thread char zeroed[100];
static int touch(int n) { zeroed[n % 100]++; return initialised + n - 3; }
*/
import "C"

func viaC(n int) int { return int(C.touch(C.int(n))) }
