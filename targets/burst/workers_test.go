package burst

import "testing"

func TestSharesMakeUpTheBurst(t *testing.T) {
	for k := 1; k < 6; k++ {
		for calls := 1; calls < 13; calls++ {
			b := Burst{100, calls}
			next := b.First
			for worker := 0; worker < k; worker++ {
				part := b.Share(worker, k)
				if part.First != next {
					t.Fatalf("%d workers, %d calls: the part of %d starts at %d, want %d", k, calls, worker, part.First, next)
				}
				for i := part.First; i < part.First+part.Calls; i++ {
					if got := b.Worker(i, k); got != worker {
						t.Errorf("call %d is said to be of %v, want %d", i, got, worker)
					}
				}
				next += part.Calls
			}
			if next != b.First+calls {
				t.Errorf("%d workers, %d calls: parts end at %d", k, calls, next)
			}
		}
	}
}
