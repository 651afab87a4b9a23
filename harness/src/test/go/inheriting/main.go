// Prints all that it inherits from whoever starts it, and becomes another program that prints what Go changes of it.
package main

import (
	"fmt"
	"os"
	"sort"
	"strings"
	"syscall"
)

//go:noinline
func Traced(n int) int { return n + 1 }

func main() {
	// Whatever was closed is open by now: Go opens /dev/null there.
	files, _ := os.ReadDir("/proc/self/fd")
	for _, file := range files {
		to, err := os.Readlink("/proc/self/fd/" + file.Name())
		// Those that Go itself has opened.
		if err == nil && !strings.HasPrefix(to, "anon_inode:") && !strings.HasSuffix(to, "/fd") {
			fmt.Println("descriptor", file.Name(), to)
		}
	}
	for _, name := range []string{"cmdline", "environ", "oom_score_adj", "cgroup", "timerslack_ns", "coredump_filter", "personality"} {
		content, err := os.ReadFile("/proc/self/" + name)
		for _, word := range strings.Split(string(content), "\x00") {
			fmt.Printf("%s %q %v\n", name, word, err)
		}
	}
	directory, _ := os.Getwd()
	session, _, _ := syscall.Syscall(syscall.SYS_GETSID, 0, 0, 0)
	priority, _ := syscall.Getpriority(syscall.PRIO_PROCESS, 0)
	mask := syscall.Umask(0)
	syscall.Umask(mask)
	fmt.Println("directory", directory, "umask", mask, "priority", priority, "group", syscall.Getpgrp(), "session", session)
	groups, _ := os.Getgroups()
	sort.Ints(groups)
	fmt.Println("users", os.Getuid(), os.Geteuid(), os.Getgid(), os.Getegid(), groups, Traced(1))
	err := syscall.Exec("/bin/grep", []string{"grep", "-hE", "^(Sig(Blk|Ign)|NoNewPrivs|Cap|Seccomp:|Cpus_allowed|Mems_allowed|Max)",
		"/proc/self/status", "/proc/self/limits"}, nil)
	fmt.Println(err)
}
