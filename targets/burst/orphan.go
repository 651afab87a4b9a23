package burst

import (
	"os"
	"syscall"
)

// standardOutput is where replies go. If it is a pipe, the program exits as soon as nobody reads from it any more, in the midst of a
// burst too: a harness that was killed leaves no program behind. Go's own poller watches the pipe, so that there is no further
// thread for a tracer to stop.
func standardOutput() *os.File {
	info, err := os.Stdout.Stat()
	if err != nil || info.Mode()&os.ModeNamedPipe == 0 || syscall.SetNonblock(syscall.Stdout, true) != nil {
		return os.Stdout
	}
	pipe := os.NewFile(uintptr(syscall.Stdout), "stdout")
	watched, err := pipe.SyscallConn()
	if err != nil {
		return pipe
	}
	go func() {
		// The writing end of a pipe never becomes readable: what ends the wait is the error that there is no reader.
		polled := false
		_ = watched.Read(func(uintptr) bool {
			again := polled
			polled = true
			return again
		})
		os.Exit(0)
	}()
	return pipe
}
