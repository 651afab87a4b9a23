package source

import (
	"encoding/binary"
	"math"
	"testing"
)

func TestNotesAreOneBehindTheOther(t *testing.T) {
	const bytes = 64
	var notes Notes
	for i := 0; i < notesBytes/bytes+2; i++ {
		Note(&notes, i, "0123456789abcdef, and more", 0.5)
	}
	at := func(note, word int) uint64 { return binary.LittleEndian.Uint64(notes.bytes[note*bytes+8*word:]) }
	if at(0, 2) != notesBytes/bytes || at(1, 2) != notesBytes/bytes+1 || at(2, 2) != 2 {
		t.Errorf("the first arguments are %d, %d and %d", at(0, 2), at(1, 2), at(2, 2))
	}
	if at(1, 0) <= at(0, 0) || at(0, 0) <= at(2, 0) {
		t.Errorf("the times are %d and %d, and before %d", at(0, 0), at(1, 0), at(2, 0))
	}
	if math.Float64frombits(at(1, 3)) != 0.5 || at(1, 4) != 26 || string(notes.bytes[bytes+40:bytes+56]) != "0123456789abcdef" {
		t.Errorf("the note is %q", notes.bytes[bytes:2*bytes])
	}
	before := notes.next
	NoteResult(&notes, -7)
	if notes.next != before+32 || int64(binary.LittleEndian.Uint64(notes.bytes[before+16:])) != -7 || binary.LittleEndian.Uint64(notes.bytes[before:]) <= at(1, 0) {
		t.Errorf("the note of a result is %q", notes.bytes[before:before+32])
	}
	before = notes.next
	Note(&notes, 1, "short", 1)
	if notes.next != before+bytes {
		t.Errorf("a short text takes %d bytes", notes.next-before)
	}
}
