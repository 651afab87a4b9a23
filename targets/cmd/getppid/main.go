// Getppid is a target whose probed function makes the bare system call getppid(2), which only looks up a number: a way into the kernel
// and back.
package main

import (
	"syscall"

	"tracetoll.dev/targets/burst"
)

//go:noinline
func probed() uintptr {
	parent, _, _ := syscall.RawSyscall(syscall.SYS_GETPPID, 0, 0, 0)
	return parent
}

func prepare(b burst.Burst) func() {
	return func() {
		for i := 0; i < b.Calls; i++ {
			probed()
		}
	}
}

func truth(burst.Burst, int) burst.Call {
	return burst.Call{Arguments: []interface{}{}, Results: []interface{}{syscall.Getppid()}}
}

func main() {
	burst.Main(burst.Target{Name: "getppid", Functions: []string{"main.probed"}, Prepare: prepare, Truth: truth})
}
