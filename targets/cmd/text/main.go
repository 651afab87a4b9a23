// Text is a target whose probed function takes an int and a string of -bytes bytes and works for about 100 ns, or for -spin steps longer.
package main

import (
	"flag"
	"strings"

	"tracetoll.dev/targets/burst"
	"tracetoll.dev/targets/source"
)

// mostBytes is the longest string that anybody captures.
const mostBytes = 4096

var length = flag.Int("bytes", 16, "bytes of the string")

// usualSteps take about 100 ns.
const usualSteps = 64

var (
	spin  = flag.Int("spin", 0, "steps that each call works longer")
	steps = usualSteps
)

// The strings are pieces of one text, each call's beginning at another place, so that making them costs nothing.
const places = 64

var text = strings.Repeat("abcdefghijklmnopqrstuvwxyz0123456789", (mostBytes+places)/36+1)

//go:noinline
func probed(n int, s string) int {
	return work(n ^ len(s)<<32)
}

// twin is probed under a name that nobody probes.
//
//go:noinline
func twin(n int, s string) int {
	return work(n ^ len(s)<<32)
}

// work is a chain in which every step waits for the one before; see the target calls.
//
//go:noinline
func work(x int) int {
	for i := 0; i < steps; i++ {
		x = x*0x2545f4914f6cdd1d + i
		x ^= int(uint(x) >> 29)
	}
	return x
}

func piece(index int) string {
	place := index % places
	return text[place : place+*length]
}

func prepare(b burst.Burst) func() {
	return func() {
		for i := b.First; i < b.First+b.Calls; i++ {
			probed(i, piece(i))
		}
	}
}

var notes source.Notes

//go:noinline
func noted(n int, s string) int {
	source.Note(&notes, n, s, 0)
	return work(n ^ len(s)<<32)
}

//go:noinline
func notedBoth(n int, s string) int {
	source.Note(&notes, n, s, 0)
	result := work(n ^ len(s)<<32)
	source.NoteResult(&notes, result)
	return result
}

// calling is prepare for a function whose source has been changed to write its calls down; to be called by its address costs less than a nanosecond.
func calling(function func(int, string) int) func(burst.Burst) func() {
	return func(b burst.Burst) func() {
		return func() {
			for i := b.First; i < b.First+b.Calls; i++ {
				function(i, piece(i))
			}
		}
	}
}

func truth(_ burst.Burst, index int) burst.Call {
	return burst.Call{
		Arguments: []interface{}{index, piece(index)},
		Results:   []interface{}{twin(index, piece(index))},
	}
}

func main() {
	options := source.Flags()
	flag.Parse()
	if *length < 0 || *length > mostBytes {
		burst.Refuse("-bytes must be 0 to 4096")
	}
	if *spin < 0 {
		burst.Refuse("-spin must not be negative")
	}
	steps += *spin
	called := prepare
	switch options.Way {
	case "":
	case "floor":
		options.PrepareNotes()
		called = calling(noted)
	case "floor-returns":
		options.PrepareNotes()
		called = calling(notedBoth)
	default:
		burst.Refuse(options.Unknown("floor and floor-returns").Error())
	}
	burst.Main(burst.Target{Name: "text", Functions: []string{"main.probed"}, Prepare: called, Truth: truth})
}
