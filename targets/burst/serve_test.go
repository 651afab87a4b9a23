package burst

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"unicode/utf8"
)

// recorder is a target that remembers what it was asked to do.
type recorder struct {
	prepared []Burst
	run      []Burst
}

func (r *recorder) target() Target {
	return Target{
		Name:      "recorder",
		Functions: []string{"main.probed"},
		Prepare: func(b Burst) func() {
			r.prepared = append(r.prepared, b)
			return func() { r.run = append(r.run, b) }
		},
		Truth: func(b Burst, index int) Call {
			return Call{Arguments: []interface{}{index, b.First, b.Calls}, Results: []interface{}{Float(index)}}
		},
	}
}

func serve(t *testing.T, r *recorder, requests string) []string {
	t.Helper()
	var replies strings.Builder
	if err := Serve(r.target(), strings.NewReader(requests), &replies); err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(replies.String(), "\n"), "\n")
}

func TestAnnouncesItself(t *testing.T) {
	replies := serve(t, &recorder{}, "")
	want := `ready tracetoll-burst/1 {"target":"recorder","functions":["main.probed"],"go":"go`
	if len(replies) != 1 || !strings.HasPrefix(replies[0], want) {
		t.Errorf("got %q, want one line that starts with %q", replies, want)
	}
}

func TestRunsEveryBurstOnceAndInOrder(t *testing.T) {
	r := &recorder{}
	replies := serve(t, r, "burst 2 30\nburst 1 7\n")
	want := []Burst{{0, 30}, {30, 30}, {60, 7}}
	if len(r.run) != len(want) || len(r.prepared) != len(want) {
		t.Fatalf("prepared %v, ran %v, want %v", r.prepared, r.run, want)
	}
	for i := range want {
		if r.prepared[i] != want[i] || r.run[i] != want[i] {
			t.Errorf("prepared %v, ran %v, want %v", r.prepared, r.run, want)
		}
	}
	var d done
	if err := json.Unmarshal([]byte(strings.TrimPrefix(replies[1], "done ")), &d); err != nil {
		t.Fatalf("%q: %v", replies[1], err)
	}
	if d.CallsMade != 60 || len(d.DurationsNs) != 2 || d.CPUNs < 0 {
		t.Errorf("got %+v", d)
	}
}

func TestTruthKnowsTheBurstOfACall(t *testing.T) {
	replies := serve(t, &recorder{}, "burst 2 3\nburst 1 2\ntruth 4 4\n")
	want := `truth [{"arguments":[4,3,3],"results":[4.0]},{"arguments":[5,3,3],"results":[5.0]},` +
		`{"arguments":[6,6,2],"results":[6.0]},{"arguments":[7,6,2],"results":[7.0]}]`
	if replies[3] != want {
		t.Errorf("got  %s\nwant %s", replies[3], want)
	}
}

func TestBadRequestsAreErrorsAndHarmless(t *testing.T) {
	r := &recorder{}
	for _, request := range []string{
		"", "burst", "burst 1", "burst 1 2 3", "burst x 1", "burst 1 9999999999999999999", "burst 0 1", "burst 1 0", "burst -1 1",
		"burst 1000001 1", "burst 1 1000000001", "truth 0 1", "truth -1 1", "truth 0 0", "run 1 1", "BURST 1 1",
	} {
		replies := serve(t, r, request+"\nburst 1 1\n")
		var f failure
		if len(replies) != 3 || !strings.HasPrefix(replies[1], "error ") ||
			json.Unmarshal([]byte(strings.TrimPrefix(replies[1], "error ")), &f) != nil || f.Message == "" {
			t.Errorf("%q: got %q, want an error with a message, then the burst", request, replies)
		}
	}
}

func TestRequestWithoutEndOfLineIsNotServed(t *testing.T) {
	r := &recorder{}
	if replies := serve(t, r, "burst 1 1"); len(replies) != 1 || len(r.run) != 0 {
		t.Errorf("got %q", replies)
	}
}

func TestFloatsAreReadBackAsTheSameNumber(t *testing.T) {
	for _, f := range []float64{0, 1, -1000, 0.1, 1e21, 1e-7, 1.0 / 3, math.MaxFloat64, math.SmallestNonzeroFloat64, 1 << 60} {
		text, err := json.Marshal(Float(f))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.ContainsAny(string(text), ".e") {
			t.Errorf("%s looks like an integer", text)
		}
		var back float64
		if err := json.Unmarshal(text, &back); err != nil || back != f {
			t.Errorf("%g became %s became %g (%v)", f, text, back, err)
		}
	}
}

func TestTextsVary(t *testing.T) {
	lengths := map[int]bool{}
	var notASCII, long bool
	for i := 0; i < 2*len(texts); i++ {
		text := Text(i)
		if !utf8.ValidString(text) {
			t.Errorf("text %d is not UTF-8: %q", i, text)
		}
		if len(text) > 100 {
			t.Errorf("text %d has %d bytes", i, len(text))
		}
		lengths[len(text)] = true
		notASCII = notASCII || utf8.RuneCountInString(text) < len(text)
		long = long || len(text) > 64
	}
	if !lengths[0] || !long || !notASCII || len(lengths) < 50 {
		t.Errorf("lengths %v, not ASCII %v", lengths, notASCII)
	}
}
