// Tells one of its functions whom it runs as, and shows it by whose the file is that it makes, if one is named.
package main

import (
	"fmt"
	"os"
)

//go:noinline
func told(user, group int, groups, home, name string) int {
	return user + group + len(groups) + len(home) + len(name)
}

func main() {
	groups, err := os.Getgroups()
	if err != nil {
		panic(err)
	}
	if len(os.Args) > 1 {
		if err := os.WriteFile(os.Args[1], nil, 0o644); err != nil {
			panic(err)
		}
	}
	// In no output of its own: standard output is the tracer's.
	os.Exit(told(os.Geteuid(), os.Getegid(), fmt.Sprint(groups), os.Getenv("HOME"), os.Getenv("USER")) & 0)
}
