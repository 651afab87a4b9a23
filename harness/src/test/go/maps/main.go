// Maps of all shapes and in all states, one function each; truth.go of the corpus renders what they are.
package main

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"unsafe"
)

const (
	seed       uint64 = 1
	maxBytes          = 4096
	depth             = 2
	callsEach         = 1
	goroutines        = 0
)

type point struct {
	X, Y int16
	Name string
}

// Sizes around the largest that maps keep themselves.
type (
	just   [32]int32
	large  [33]int32
	record struct {
		Text string
		Pad  [20]int64
		Of   *point
	}
)

type tree map[string]tree

type labelled interface{ label() string }

func (p point) label() string  { return p.Name }
func (p *large) label() string { return "large" }

type holder struct {
	Count int
	Names map[string]int
	Deep  []map[int8]string
}

//go:noinline
func numbers(m map[int]int) int { return len(m) }

//go:noinline
func sets(m map[string]struct{}, n map[struct{}]struct{}, o map[struct{}]string) int {
	return len(m) + len(n) + len(o)
}

//go:noinline
func texts(m map[string]string) map[string]string { return m }

//go:noinline
func structs(m map[point]point, n map[[3]int8]bool, o map[bool]point) int {
	return len(m) + len(n) + len(o)
}

//go:noinline
func pointers(m map[*point]*point, n map[string]**int) int { return len(m) + len(n) }

//go:noinline
func interfaces(m map[any]any, n map[string]error, o map[labelled]int) int {
	return len(m) + len(n) + len(o)
}

//go:noinline
func larges(m map[just]just, n map[large]int8, o map[int8]large, p map[large]record) int {
	return len(m) + len(n) + len(o) + len(p)
}

//go:noinline
func nested(m map[string]map[string]int, n tree, o map[string][]string) int {
	return len(m) + len(n) + len(o)
}

//go:noinline
func floats(m map[float64]float32, n map[complex64]int) int { return len(m) + len(n) }

//go:noinline
func held(h holder, p *holder, v any, q *map[string]int) int { return h.Count + p.Count + len(*q) }

//go:noinline
func words(m map[chan int]func(), n map[uint8]int64, o map[int64]uint8) int {
	return len(m) + len(n) + len(o)
}

//go:noinline
func generic[K comparable, V any](m map[K]V) int { return len(m) }

func one[A, R any](name string, f func(A) R, a A) {
	c := begin("main."+name, 0, at("m", &a))
	r := f(a)
	c.end(at("~r0", &r))
}

func two[A, B any](name string, f func(A, B) int, a A, b B) {
	c := begin("main."+name, 0, at("m", &a), at("n", &b))
	r := f(a, b)
	c.end(at("~r0", &r))
}

func three[A, B, C any](name string, f func(A, B, C) int, a A, b B, o C) {
	c := begin("main."+name, 0, at("m", &a), at("n", &b), at("o", &o))
	r := f(a, b, o)
	c.end(at("~r0", &r))
}

func filled(from, to int) map[int]int {
	m := map[int]int{}
	for i := from; i < to; i++ {
		m[i*7919] = i
	}
	return m
}

// trim takes entries out until few are left.
func trim(m map[int]int, left int) {
	for key := range m {
		if len(m) <= left {
			return
		}
		delete(m, key)
	}
}

// buckets says whether maps are those of Go before 1.24.
func buckets() bool {
	for _, old := range []string{"go1.19", "go1.20", "go1.21", "go1.22", "go1.23"} {
		if strings.HasPrefix(runtime.Version(), old) {
			return true
		}
	}
	return false
}

// header is the start of internal/runtime/maps.Map.
type header struct {
	used, seed uintptr
	directory  *[1 << 20]unsafe.Pointer
	length     int
}

// bucketHeader is the start of runtime.hmap.
type bucketHeader struct {
	count        int
	flags        uint8
	log2         uint8
	overflows    uint16
	seed         uint32
	buckets, old unsafe.Pointer
}

func look[T any](m map[int]int) *T {
	return *(**T)(unsafe.Pointer(&m))
}

// shared makes a map one of whose tables has several places in the directory.
func shared() map[int]int {
	m := map[int]int{}
	for i := 0; ; i++ {
		m[i] = -i
		h := look[header](m)
		for at := 1; at < h.length; at++ {
			if h.directory[at] == h.directory[at-1] {
				return m
			}
		}
	}
}

// growing calls while a map of buckets grows: to twice its size and, having too many overflow buckets, to the same.
func growing() {
	const wanted, most = 10, 1_000_000
	doubled, same := 0, 0
	m := map[int]int{}
	for i := 0; doubled < wanted || same < wanted; i++ {
		if i > most {
			panic("maps do not grow")
		}
		m[i*7919] = i
		if len(m) > 200 {
			trim(m, 190)
		}
		h := look[bucketHeader](m)
		if h.old == nil {
			continue
		}
		grown := &doubled
		if h.flags&8 != 0 {
			grown = &same
		}
		if *grown < wanted {
			*grown++
			one("numbers", numbers, m)
		}
	}
}

func states() {
	one("numbers", numbers, nil)
	one("numbers", numbers, map[int]int{})
	one("numbers", numbers, make(map[int]int, 100))
	one("numbers", numbers, make(map[int]int, 5000))
	m := map[int]int{}
	for i := 0; i < 250; i++ {
		m[i*7919] = i
		one("numbers", numbers, m)
	}
	for i := 0; len(m) > 0; i += 3 {
		delete(m, i%251*7919)
		if i%5 == 0 {
			one("numbers", numbers, m)
		}
	}
	one("numbers", numbers, m)
	m[5] = 6
	one("numbers", numbers, m)
	for _, size := range []int{300, 1000, 3000, 5000} {
		m := filled(0, size)
		trim(m, 200)
		one("numbers", numbers, m)
		trim(m, 1)
		one("numbers", numbers, m)
	}
	one("numbers", numbers, filled(0, 10_000))
	if buckets() {
		growing()
		return
	}
	m = shared()
	trim(m, 200)
	one("numbers", numbers, m)
}

func shapes() {
	many := map[string]string{}
	for i := 0; i < 90; i++ {
		many[fmt.Sprint("key ", i)] = strings.Repeat("v", i)
	}
	one("texts", texts, many)
	three("sets", sets, map[string]struct{}{"a": {}, "": {}}, map[struct{}]struct{}{{}: {}}, map[struct{}]string{{}: "only"})
	three("structs", structs, map[point]point{{1, 2, "p"}: {3, 4, "q"}, {}: {}}, map[[3]int8]bool{{1, 2, 3}: true, {-1}: false},
		map[bool]point{true: {5, 6, "yes"}, false: {7, 8, "no"}})
	p, q, n := &point{1, 1, "p"}, &point{2, 2, "q"}, 12
	pn := &n
	two("pointers", pointers, map[*point]*point{p: q, q: nil, nil: p}, map[string]**int{"n": &pn, "nil": nil})
	three("interfaces", interfaces,
		map[any]any{1: "one", "two": 2.5, point{1, 2, "k"}: nil, nil: errors.New("none"), [2]bool{true}: map[int]int{1: 2}, 'x': p},
		map[string]error{"e": errors.New("broken"), "nil": nil, "f": fmt.Errorf("at %d", 1)},
		map[labelled]int{point{9, 9, "by value"}: 1, &large{1, 2}: 2})
	f := struct {
		m map[just]just
		n map[large]int8
		o map[int8]large
		p map[large]record
	}{map[just]just{{1}: {2}, {3}: {4}}, map[large]int8{{1, 2}: 3, {4}: 5}, map[int8]large{1: {2}, 3: {4}},
		map[large]record{{1}: {"first", [20]int64{1}, p}, {2}: {"second", [20]int64{2}, nil}}}
	c := begin("main.larges", 0, at("m", &f.m), at("n", &f.n), at("o", &f.o), at("p", &f.p))
	r := larges(f.m, f.n, f.o, f.p)
	c.end(at("~r0", &r))
	three("nested", nested, map[string]map[string]int{"a": {"b": 1, "c": 2}, "d": nil, "e": {}},
		tree{"root": {"left": {}, "right": {"leaf": nil}}}, map[string][]string{"one": {"x", "y"}, "none": nil})
	nan := math.NaN()
	two("floats", floats, map[float64]float32{nan: 1, -nan: 2, 0: 3, math.Inf(-1): 4, 1e300: float32(nan)}, map[complex64]int{1 + 2i: 3})
	h := holder{2, map[string]int{"one": 1, "two": 2}, []map[int8]string{{1: "x"}, nil, {2: "y", 3: "z"}}}
	var v any = h.Names
	k := begin("main.held", 0, at("h", &h), at("p", at2(&h)), at("v", &v), at("q", at2(&h.Names)))
	r = held(h, &h, v, &h.Names)
	k.end(at("~r0", &r))
	three("words", words, map[chan int]func(){make(chan int, 3): shapes, nil: nil}, map[uint8]int64{1: -1, 255: 1 << 40},
		map[int64]uint8{-1: 1, 1 << 40: 255})
	g := map[int8]string{1: "one", 2: "two"}
	k = begin("main.generic[...]", 0, at("m", &g))
	r = generic(g)
	k.end(at("~r0", &r))
}

// at2 is where a pointer to a variable is.
func at2[T any](p *T) **T {
	held := p
	return &held
}

func main() {
	use(unsafe.Pointer(&leaked))
	run(1, func(int, int) {}, func(int, int) {
		states()
		shapes()
	})
}
