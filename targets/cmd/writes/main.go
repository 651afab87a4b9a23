// Writes is a target whose probed function makes one system call write(2), on a file that has no name any more.
//
// Call i writes -bytes + i%8 bytes, the first 8 of which are i (little endian), and returns how many were written, or the negative error
// number. Each worker has a file of its own, at descriptor 100 + its number, far above those that Go's runtime uses for itself: who traces
// system calls tells the two apart by that. The file starts empty at every burst and is written anew from its start every 65536 calls.
package main

import (
	"encoding/binary"
	"flag"
	"io/ioutil"
	"os"
	"syscall"

	"tracetoll.dev/targets/burst"
)

const (
	descriptor  = 100
	mostWorkers = 256
	rewindAfter = 1 << 16
	lengths     = 8
)

var (
	size = flag.Int("bytes", 64, "the fewest bytes that a call writes")
	k    = flag.Int("k", 1, "goroutines that write, each on a thread of its own if there are several")
	to   = flag.String("to", "file", "file, full (a device on which every write fails with ENOSPC) or closed (every write fails with EBADF)")
)

var buffers [mostWorkers][]byte

//go:noinline
func probed(index int, worker int) int {
	n, err := syscall.Write(descriptor+worker, content(index, worker))
	return result(n, err)
}

// content is what the call of that index writes: valid until the worker's next call.
func content(index int, worker int) []byte {
	buffer := buffers[worker]
	binary.LittleEndian.PutUint64(buffer, uint64(index))
	return buffer[:length(index)]
}

func length(index int) int {
	return *size + index%lengths
}

func result(n int, err error) int {
	if err != nil {
		return -int(err.(syscall.Errno))
	}
	return n
}

func run(part burst.Burst, worker int) {
	for i := part.First; i < part.First+part.Calls; i++ {
		if (i-part.First)%rewindAfter == rewindAfter-1 {
			rewind(worker)
		}
		probed(i, worker)
	}
}

func rewind(worker int) {
	if *to == "file" {
		must(syscall.Seek(descriptor+worker, 0, 0))
	}
}

func empty(worker int) {
	if *to == "file" {
		rewind(worker)
		must(0, syscall.Ftruncate(descriptor+worker, 0))
	}
}

func prepare(workers *burst.Workers) func(burst.Burst) func() {
	return func(b burst.Burst) func() {
		for worker := 0; worker < *k; worker++ {
			empty(worker)
		}
		if workers != nil {
			return workers.Prepare(b)
		}
		return func() { run(b, 0) }
	}
}

func truth(b burst.Burst, index int) burst.Call {
	written := length(index)
	switch *to {
	case "full":
		written = -int(syscall.ENOSPC)
	case "closed":
		written = -int(syscall.EBADF)
	}
	return burst.Call{
		Arguments: []interface{}{index, b.Worker(index, *k)},
		Results:   []interface{}{written},
	}
}

// open prepares what a worker writes to.
func open(worker int) {
	fill := make([]byte, *size+lengths)
	for i := range fill {
		fill[i] = byte(worker + i)
	}
	buffers[worker] = fill
	var file *os.File
	var err error
	switch *to {
	case "closed":
		return
	case "full":
		file, err = os.OpenFile("/dev/full", os.O_WRONLY, 0)
	default:
		file, err = ioutil.TempFile("", "tracetoll-writes-")
		if err == nil {
			err = os.Remove(file.Name())
		}
	}
	must(0, err)
	must(0, syscall.Dup3(int(file.Fd()), descriptor+worker, syscall.O_CLOEXEC))
	must(0, file.Close())
}

func must(_ int64, err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	flag.Parse()
	if *k < 1 || *k > mostWorkers {
		burst.Refuse("-k must be 1 to 256")
	}
	if *size < 8 || *size > 1<<20 {
		burst.Refuse("-bytes must be 8 to 1048576")
	}
	if *to != "file" && *to != "full" && *to != "closed" {
		burst.Refuse("-to must be file, full or closed")
	}
	for worker := 0; worker < *k; worker++ {
		open(worker)
	}
	// A single worker does without the start signal, which costs as much as many calls.
	var workers *burst.Workers
	if *k > 1 {
		workers = burst.NewWorkers(*k, run)
	}
	burst.Main(burst.Target{Name: "writes", Functions: []string{"main.probed"}, Prepare: prepare(workers), Truth: truth})
}
