//go:build !go1.22

package source

import "errors"

// Regions makes each call a region of an execution trace, in programs of Go 1.22 or newer.
type Regions struct{}

// OpenRegions says why there is none.
func OpenRegions(string) (*Regions, error) {
	return nil, errors.New("execution traces have the format that is read since Go 1.22, and this program was built by an older one")
}

// Begin is never called.
func (*Regions) Begin() {}

// End is never called.
func (*Regions) End() {}

// Region is a call that has begun.
type Region struct{}

// Enter is never called.
func (*Regions) Enter() Region { return Region{} }

// End is never called.
func (Region) End() {}
