package source

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"unsafe"
)

const textBytes = 16

// Memory as a consumer makes it.
func newRing(t *testing.T, records uint64) *Ring {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ring")
	const stride = recordBytes + textBytes
	memory := make([]byte, headerBytes+stride*records)
	h := (*header)(unsafe.Pointer(&memory[0]))
	h.stride, h.records, h.text = stride, records, textBytes
	for i := uint64(0); i < records; i++ {
		*(*uint64)(unsafe.Pointer(&memory[headerBytes+stride*i])) = i
	}
	if err := os.WriteFile(path, memory, 0o600); err != nil {
		t.Fatal(err)
	}
	ring, err := OpenRing(path)
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

// Takes the record of that number; nil if it has not been written.
func take(r *Ring, at uint64) *record {
	found := (*record)(unsafe.Add(r.base, (at&r.mask)*r.stride))
	if atomic.LoadUint64(&found.sequence) != at+1 {
		return nil
	}
	copied := *found
	atomic.StoreUint64(&found.sequence, at+r.mask+1)
	return &copied
}

func TestRecordsTellOfACall(t *testing.T) {
	r := newRing(t, 4)
	call := r.Enter(-5, strings.Repeat("x", 20), 0.375)
	text := string(unsafe.Slice((*byte)(unsafe.Add(r.base, recordBytes)), textBytes))
	r.Leave(call, 7)
	entered, left := take(r, 0), take(r, 1)
	if entered == nil || entered.kind != began || entered.number != -5 || entered.fraction != 0.375 || entered.length != 20 {
		t.Errorf("the call is %+v", entered)
	}
	if text != strings.Repeat("x", textBytes) {
		t.Errorf("the text is %q", text)
	}
	if left == nil || left.kind != returned || left.call != call || left.number != 7 || left.ticks <= entered.ticks {
		t.Errorf("the return is %+v", left)
	}
}

func TestWhatFindsNoRoomIsCounted(t *testing.T) {
	r := newRing(t, 2)
	for i := 0; i < 5; i++ {
		r.Leave(r.Enter(i, "", 0), i)
	}
	if r.header.lostCalls != 4 || r.header.lostReturns != 4 {
		t.Errorf("lost are %d calls and %d returns", r.header.lostCalls, r.header.lostReturns)
	}
	take(r, 0)
	if call := r.Enter(1, "", 0); call != 2 {
		t.Errorf("the next record is %d", call)
	}
}

func TestManyWritersLoseNothingUncounted(t *testing.T) {
	const writers, calls = 8, 20000
	r := newRing(t, 64)
	var writing sync.WaitGroup
	for i := 0; i < writers; i++ {
		writing.Add(1)
		go func() {
			defer writing.Done()
			for i := 0; i < calls; i++ {
				r.Leave(r.Enter(i, "text", 1), i)
			}
		}()
	}
	over := make(chan struct{})
	go func() {
		writing.Wait()
		close(over)
	}()
	seen := map[uint64]uint64{}
	at := uint64(0)
	for ended := false; ; {
		record := take(r, at)
		if record == nil {
			if ended {
				break
			}
			select {
			case <-over:
				ended = true
			default:
			}
			continue
		}
		seen[record.kind]++
		at++
	}
	if seen[began]+r.header.lostCalls != writers*calls || seen[returned]+r.header.lostReturns != writers*calls {
		t.Errorf("seen %v, lost %d and %d", seen, r.header.lostCalls, r.header.lostReturns)
	}
}

func TestWhatIsNoRingIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none")
	if _, err := OpenRing(path); err == nil {
		t.Error("a file that does not exist is a ring")
	}
	for _, size := range []int{0, headerBytes, headerBytes + 100} {
		if err := os.WriteFile(path, make([]byte, size), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenRing(path); err == nil {
			t.Errorf("%d zeros are a ring", size)
		}
	}
}
