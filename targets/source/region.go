//go:build go1.22

package source

import (
	"context"
	"os"
	"runtime/trace"
)

// Regions makes each call a region of an execution trace, one trace for the bursts of a request.
type Regions struct {
	file *os.File
}

// OpenRegions opens the file that traces are written to.
func OpenRegions(path string) (*Regions, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	return &Regions{file}, err
}

// Begin starts a trace.
func (r *Regions) Begin() {
	if err := trace.Start(r.file); err != nil {
		panic(err)
	}
}

// End ends it; all of it is written then.
func (r *Regions) End() { trace.Stop() }

// Region is a call that has begun.
type Region = *trace.Region

// Enter tells that a call has begun.
func (r *Regions) Enter() Region { return trace.StartRegion(context.Background(), "probed") }
