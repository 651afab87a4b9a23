package source

import (
	"flag"
	"fmt"
)

// notesBytes is how much is written before it begins anew, 64 bytes by Note and 32 by NoteResult; floor_amd64.s has all as numbers.
const notesBytes = 1 << 20

// Notes is memory that one thread at a time writes to.
type Notes struct {
	next  uint64
	_     [56]byte              // nothing else is in the line that each note changes
	bytes [notesBytes + 32]byte // the last Note may begin behind a NoteResult
}

var noteGoid uint64

// Note writes down goroutine, time, arguments and the first 16 bytes of a string that has as many, and nobody reads it: the least that an
// event can cost.
//
//go:noescape
func Note(to *Notes, n int, s string, f float64)

// NoteResult writes down goroutine, time and result: the least that the event of a return can cost.
//
//go:noescape
func NoteResult(to *Notes, result int)

// Options are how a target is told to tell of its calls itself.
type Options struct {
	Way    string
	Events string
	goid   uint64
}

// Flags declares them.
func Flags() *Options {
	var o Options
	flag.StringVar(&o.Way, "source", "", "tell of calls in this `way`")
	flag.StringVar(&o.Events, "events", "", "`file` to tell of them in")
	flag.Uint64Var(&o.goid, "goid", 0, "`offset` of goid in the runtime's g")
	return &o
}

// Unknown says that the target does not know the way, and which it knows.
func (o *Options) Unknown(known string) error {
	return fmt.Errorf("unknown way -source %q; there is %s", o.Way, known)
}

// PrepareNotes is to be called before Note and NoteResult.
func (o *Options) PrepareNotes() {
	noteGoid = o.goid
}
