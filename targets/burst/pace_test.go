package burst

import (
	"math"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func dues(load Load, number, count int) []int64 {
	s := newSchedule(load, number)
	all := make([]int64, count)
	for i := range all {
		all[i] = s.next()
	}
	return all
}

func TestSteadyCallsAreOfEqualDistanceAndThreadsTakeTurns(t *testing.T) {
	load := Load{Calls: 8, Rate: 1000, Arrivals: "steady", Threads: 2}
	for number, want := range [][]int64{{0, 2000000, 4000000}, {1000000, 3000000, 5000000}} {
		for i, due := range dues(load, number, 3) {
			if due != want[i] {
				t.Errorf("thread %d, call %d is due at %d, want %d", number, i, due, want[i])
			}
		}
	}
}

func TestBurstsAreAsLongAsAskedForAndKeepTheRate(t *testing.T) {
	load := Load{Calls: 100, Rate: 1000, Arrivals: "bursts", Burst: 5, Peak: 100000, Threads: 1}
	got := dues(load, 0, 11)
	want := []int64{0, 10000, 20000, 30000, 40000, 5000000, 5010000, 5020000, 5030000, 5040000, 10000000}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("calls are due at %v, want %v", got, want)
		}
	}
}

func TestPoissonKeepsTheRateAndVaries(t *testing.T) {
	load := Load{Calls: 1, Rate: 1e6, Arrivals: "poisson", Threads: 1, Seed: 7}
	all := dues(load, 0, 100001)
	mean := float64(all[100000]) / 100000
	if math.Abs(mean-1000) > 20 {
		t.Errorf("the mean distance is %g ns, want about 1000", mean)
	}
	var squares float64
	for i := 1; i < len(all); i++ {
		d := float64(all[i]-all[i-1]) - mean
		squares += d * d
	}
	if deviation := math.Sqrt(squares / 100000); math.Abs(deviation-1000) > 40 {
		t.Errorf("distances vary by %g ns, want about as much as their mean", deviation)
	}
	if other := dues(Load{Rate: 1e6, Arrivals: "poisson", Threads: 1, Seed: 8}, 0, 10); other[9] == all[9] {
		t.Error("another seed gives the same schedule")
	}
}

func TestEveryCallIsMadeOnce(t *testing.T) {
	for _, load := range []Load{
		{Calls: 1001, Rate: 0, Arrivals: "steady", Threads: 3},
		{Calls: 1001, Rate: 1e6, Arrivals: "steady", Threads: 1},
		{Calls: 1001, Rate: 1e5, Arrivals: "poisson", Threads: 4},
		{Calls: 1001, Rate: 1e5, Arrivals: "bursts", Burst: 100, Threads: 64},
	} {
		made := make([]int32, load.Calls)
		paced := Pace(load, func(index int) { atomic.AddInt32(&made[index], 1) })
		for i, times := range made {
			if times != 1 {
				t.Fatalf("%+v: call %d was made %d times", load, i, times)
			}
		}
		if paced.CallsMade != load.Calls || paced.WallNs <= 0 || paced.BusyNs < 0 {
			t.Errorf("%+v: %+v", load, paced)
		}
	}
}

// Calls that take long make later ones late, but not fewer: the schedule goes on without them.
func TestSlowCallsDoNotSlowTheScheduleDown(t *testing.T) {
	var lock sync.Mutex
	slow := true
	paced := Pace(Load{Calls: 200, Rate: 10000, Arrivals: "steady", Threads: 1}, func(int) {
		lock.Lock()
		defer lock.Unlock()
		if slow {
			slow = false
			time.Sleep(15 * time.Millisecond)
		}
	})
	if paced.LatestNs < 14000000 {
		t.Errorf("the call after one of 15 ms was late by %d ns", paced.LatestNs)
	}
	if paced.BusyNs < 15000000 {
		t.Errorf("busy for %d ns, of which one call alone took 15 ms", paced.BusyNs)
	}
}

func TestLoadsThatMakeNoSenseAreRefused(t *testing.T) {
	good := Load{Calls: 1, Rate: 1, Arrivals: "bursts", Burst: 1, Threads: 1}
	if err := good.check(); err != nil {
		t.Fatal(err)
	}
	for what, change := range map[string]func(*Load){
		"calls":    func(l *Load) { l.Calls = 0 },
		"threads":  func(l *Load) { l.Threads = MaxThreads + 1 },
		"rate":     func(l *Load) { l.Rate = math.NaN() },
		"arrivals": func(l *Load) { l.Arrivals = "often" },
		"burst":    func(l *Load) { l.Burst = 0 },
		"peak":     func(l *Load) { l.Peak = 0.5 },
	} {
		bad := good
		change(&bad)
		if bad.check() == nil {
			t.Errorf("%s: %+v is taken", what, bad)
		}
	}
}
