package burst

import (
	"syscall"
	"unsafe"
)

// cpuSet has a bit for each CPU, as sched_setaffinity(2) takes it; as large as glibc's.
type cpuSet [1024 / 64]uint64

// allowedCPUs are the CPUs that this process may use, none if the kernel does not say.
func allowedCPUs() []int {
	var set cpuSet
	_, _, errno := syscall.RawSyscall(syscall.SYS_SCHED_GETAFFINITY, 0, unsafe.Sizeof(set), uintptr(unsafe.Pointer(&set)))
	if errno != 0 {
		return nil
	}
	var cpus []int
	for cpu := 0; cpu < len(set)*64; cpu++ {
		if set[cpu/64]&(1<<(cpu%64)) != 0 {
			cpus = append(cpus, cpu)
		}
	}
	return cpus
}

// bindThread keeps the calling thread, to which its goroutine must be locked, on a CPU. A CPU that has gone since is no reason to fail: the
// thread then runs where it may.
func bindThread(cpu int) {
	var set cpuSet
	set[cpu/64] = 1 << (cpu % 64)
	syscall.RawSyscall(syscall.SYS_SCHED_SETAFFINITY, 0, unsafe.Sizeof(set), uintptr(unsafe.Pointer(&set)))
}
