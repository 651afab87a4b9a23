package source

import (
	"fmt"
	"os"
	"sync/atomic"
	"syscall"
	"unsafe"
)

// Lost stands for a call that the ring had no room for.
const Lost = ^uint64(0)

const (
	headerBytes = 4096
	recordBytes = 64
	cacheLine   = 64
)

// What a record tells of.
const (
	began    = 1
	returned = 2
)

// header is what the memory begins with. The consumer fills in all but the counters before anybody opens it.
type header struct {
	// next is the number of the next record.
	next        uint64
	_           [cacheLine - 8]byte
	lostCalls   uint64
	lostReturns uint64
	_           [cacheLine - 16]byte
	// Each record takes stride bytes, and there is room for records of them, a power of two from 2 on.
	stride  uint64
	records uint64
	// goid is where in the runtime's g the number of the goroutine is.
	goid uint64
	// text is how much of a string is kept, in bytes.
	text uint64
}

// record is what a record begins with; the text of a call follows.
type record struct {
	// sequence is the record's number when it may be written, one more when it has been.
	sequence  uint64
	ticks     uint64
	goroutine uint64
	// call is the number of the record of the call.
	call     uint64
	kind     uint64
	number   int64
	fraction float64
	length   uint64
}

// Ring is a bounded queue in memory that another process reads: many write, one reads, nobody waits. What it has no room for is counted.
// Each record carries a number by which writer and reader know whose turn it is, as in D. Vyukov's bounded queue.
type Ring struct {
	header *header
	base   unsafe.Pointer
	mask   uint64
	stride uint64
	goid   uintptr
	text   uint64
}

// OpenRing maps the memory that a consumer has made.
func OpenRing(path string) (*Ring, error) {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() < headerBytes {
		return nil, fmt.Errorf("%s has %d bytes, and no ring is smaller than %d", path, info.Size(), headerBytes)
	}
	memory, err := syscall.Mmap(int(file.Fd()), 0, int(info.Size()), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("mapping %s: %v", path, err)
	}
	h := (*header)(unsafe.Pointer(&memory[0]))
	room := h.stride * h.records
	if h.records < 2 || h.records&(h.records-1) != 0 || h.stride < recordBytes+h.text || room != uint64(len(memory)-headerBytes) {
		return nil, fmt.Errorf("%s is no ring", path)
	}
	return &Ring{h, unsafe.Pointer(&memory[headerBytes]), h.records - 1, h.stride, uintptr(h.goid), h.text}, nil
}

// reserve finds room for the next record; nil if there is none.
func (r *Ring) reserve() (uint64, *record) {
	for {
		at := atomic.LoadUint64(&r.header.next)
		found := (*record)(unsafe.Add(r.base, (at&r.mask)*r.stride))
		switch early := int64(at - atomic.LoadUint64(&found.sequence)); {
		case early > 0:
			return Lost, nil
		case early == 0 && atomic.CompareAndSwapUint64(&r.header.next, at, at+1):
			return at, found
		}
	}
}

// Enter tells that a call has begun; the number it returns is for Leave.
func (r *Ring) Enter(n int, s string, f float64) uint64 {
	at, to := r.reserve()
	if to == nil {
		atomic.AddUint64(&r.header.lostCalls, 1)
		return Lost
	}
	to.ticks, to.goroutine = stamp(r.goid)
	to.call = at
	to.kind = began
	to.number = int64(n)
	to.fraction = f
	to.length = uint64(len(s))
	copy(unsafe.Slice((*byte)(unsafe.Add(unsafe.Pointer(to), recordBytes)), r.text), s)
	publish(&to.sequence, at+1)
	return at
}

// Leave tells that a call has returned.
func (r *Ring) Leave(call uint64, result int) {
	at, to := r.reserve()
	if to == nil {
		atomic.AddUint64(&r.header.lostReturns, 1)
		return
	}
	to.ticks, to.goroutine = stamp(r.goid)
	to.call = call
	to.kind = returned
	to.number = int64(result)
	publish(&to.sequence, at+1)
}

// stamp reads the processor's counter and the number of the goroutine.
//
//go:noescape
func stamp(goid uintptr) (ticks, goroutine uint64)

// publish stores a value after all that was stored before. What sync/atomic makes of a store on this processor waits until it is seen
// by all others, some 20 cycles, which nobody needs here.
//
//go:noescape
func publish(at *uint64, value uint64)
