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

func TestLockedWorkersTakeTheCPUsInTurn(t *testing.T) {
	cpus := allowedCPUs()
	if len(cpus) == 0 {
		t.Fatal("no CPU is allowed")
	}
	k := len(cpus) + 1
	bound := make([][]int, k)
	workers := NewWorkers(k, func(part Burst, worker int) { bound[worker] = allowedCPUs() })
	workers.Prepare(Burst{0, k})()
	for i := range bound {
		if want := cpus[i%len(cpus)]; len(bound[i]) != 1 || bound[i][0] != want {
			t.Errorf("worker %d may use CPUs %v, want %d", i, bound[i], want)
		}
	}
	if after := allowedCPUs(); len(after) != len(cpus) {
		t.Errorf("the process may use CPUs %v, and %v before", after, cpus)
	}
}
