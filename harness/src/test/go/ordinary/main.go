// Ordinary does a little of what programs do: it formats, sorts, collects garbage, and hands work to goroutines.
package main

import (
	"fmt"
	"os"
	"runtime"
	"sort"
	"strings"
	"sync"
	"time"
)

func work(i, of int) (line string) {
	defer func() {
		if r := recover(); r != nil {
			line += fmt.Sprint(" after ", r)
		}
	}()
	words := strings.Fields(fmt.Sprintf("goroutine %d of %d has %v", i, of, map[string]int{"a": i}))
	sort.Strings(words)
	line = strings.Join(words, " ")
	time.Sleep(time.Millisecond)
	runtime.GC()
	panic("a panic")
}

func main() {
	lines := make([]string, 8)
	var all sync.WaitGroup
	for i := range lines {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			lines[i] = work(i, len(lines))
		}(i)
	}
	all.Wait()
	fmt.Println(strings.Join(lines, "\n"))
	os.Exit(3)
}
