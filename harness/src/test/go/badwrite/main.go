// Badwrite writes from an address that cannot be read, which fails with EFAULT.
package main

import (
	"os"
	"syscall"
)

func main() {
	var ends [2]int
	if syscall.Pipe(ends[:]) != nil {
		os.Exit(2)
	}
	if _, _, err := syscall.Syscall(syscall.SYS_WRITE, uintptr(ends[1]), 8, 24); err != syscall.EFAULT {
		os.Exit(1)
	}
}
