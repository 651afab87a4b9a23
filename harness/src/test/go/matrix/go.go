//go:build !cgo

package main

//go:noinline
func viaC(n int) int { return n }
