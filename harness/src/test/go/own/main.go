// Own is a program that ends by itself: it calls a function a number of times, says what came of it, and does what else it is told to.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"os"
	"time"
)

//go:noinline
func work(n int, text string) int {
	for i := 0; i < 100; i++ {
		n = n*1664525 + 1013904223
	}
	return n + len(text)
}

//go:noinline
func check(n int) error {
	if n == 42 {
		return errors.New("the answer")
	}
	return nil
}

func main() {
	calls := flag.Int("calls", 1000, "how often the function is called")
	clock := flag.Bool("clock", false, "print what differs from run to run")
	lines := flag.Bool("lines", false, "count the lines of the standard input, and make a call for each")
	code := flag.Int("exit", 0, "exit code")
	sleep := flag.Duration("sleep", 0, "for how long to sleep")
	flag.Parse()
	sum := 0
	for i := 0; i < *calls; i++ {
		sum = work(sum, "of its own")
	}
	if err := check(sum); err != nil {
		fmt.Println(err)
	}
	if *lines {
		for scanner := bufio.NewScanner(os.Stdin); scanner.Scan(); {
			sum = work(sum, scanner.Text())
		}
	}
	time.Sleep(*sleep)
	fmt.Println("sum", sum)
	fmt.Println("score: 1,234.5 points")
	if *clock {
		fmt.Println(time.Now().UnixNano())
	}
	os.Exit(*code)
}
