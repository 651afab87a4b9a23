// Package asm has functions in assembly that return what they are given plus one.
package asm

// Keeps leaves R14, where the calling convention of Go's compiler has g, alone.
func Keeps(n int) int

// Clobbers returns with zero in R14.
func Clobbers(n int) int

// Points returns with the address of its own frame in R14.
func Points(n int) int

// Calls clobbers R14 and then calls a function of its own kind, twice.
func Calls(n int) int

// Grows checks its stack, and asks for much of it.
func Grows(n int) int
