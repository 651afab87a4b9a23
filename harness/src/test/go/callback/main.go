// A program that calls C, which calls back from a thread that Go does not know.
package main

/*
#include <pthread.h>
extern int increment(int);
static int twice(int n) { return increment(n) * 2; }
static void *body(void *n) { *(int *)n = increment(*(int *)n); return n; }
static int onThread(int n) { pthread_t thread; pthread_create(&thread, 0, body, &n); pthread_join(thread, 0); return n; }
*/
import "C"

import "fmt"

//go:noinline
//export increment
func increment(n C.int) C.int {
	return n + 1
}

//go:noinline
func probed(n int, s string) int {
	return n + len(s)
}

func main() {
	sum := 0
	for i := 0; i < 10; i++ {
		sum += int(C.twice(C.int(i))) + int(C.onThread(C.int(i))) + probed(i, "ab")
	}
	fmt.Println(sum)
}
