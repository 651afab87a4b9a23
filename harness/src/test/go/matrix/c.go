//go:build cgo

package main

/*
#include <pthread.h>
extern int callback(int, double);
static int call(int n) { return callback(n, 0.5); }
static void *body(void *n) { *(int *)n = callback(*(int *)n, 1.5); return n; }
static int on_thread(int n) { pthread_t t; pthread_create(&t, 0, body, &n); pthread_join(t, 0); return n; }
*/
import "C"

// Called from C twice: on the thread of its Go caller, and on one that Go does not know.
//
//export callback
func callback(n C.int, x C.double) C.int {
	return C.int(called(int(n), float64(x)))
}

//go:noinline
func called(n int, x float64) int { return n + int(2*x) }

//go:noinline
func viaC(n int) int { return int(C.call(C.int(n)) + C.on_thread(C.int(n))) }
