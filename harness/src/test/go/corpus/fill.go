package main

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"os"
	"reflect"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

const (
	// mostFrugal is the frugality at which everything that can be nil or empty is.
	mostFrugal = 6
	// deepest is how far values are nested.
	deepest = 7
	// poolSize is how many pointers of a type are kept to be shared, which makes cycles.
	poolSize = 4
)

// filler gives variables random values, the same ones for the same seed.
type filler struct {
	state     uint64
	frugality int
	large     bool
	pool      map[reflect.Type][]reflect.Value
}

func newFiller(seed uint64, frugality int, large bool) *filler {
	return &filler{seed, frugality, large, map[reflect.Type][]reflect.Value{}}
}

// next is splitmix64.
func (f *filler) next() uint64 {
	f.state += 0x9e3779b97f4a7c15
	z := f.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (f *filler) below(n int) int {
	high, _ := bits.Mul64(f.next(), uint64(n))
	return int(high)
}

// bare is whether something is nil or empty: now and then, the oftener the more frugal or deeper.
func (f *filler) bare(level int) bool {
	return level >= deepest || f.frugality >= mostFrugal || !f.large && f.below(12) < 1+level+f.frugality
}

func (f *filler) length(level int) int {
	if f.bare(level) {
		return 0
	}
	if f.large && level < 2 {
		return 40 + f.below(40)
	}
	if level == 0 && f.frugality < 2 && f.below(4) == 0 {
		return f.below(200)
	}
	return 1 + f.below(6)
}

func (f *filler) fill(t reflect.Type, p unsafe.Pointer, level int) {
	v := reflect.NewAt(t, p).Elem()
	switch t.Kind() {
	case reflect.Bool:
		v.SetBool(f.next()&1 == 1)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(int64(f.number(t.Bits())) << (64 - t.Bits()) >> (64 - t.Bits()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		v.SetUint(f.number(t.Bits()) << (64 - t.Bits()) >> (64 - t.Bits()))
	case reflect.Float32, reflect.Float64:
		v.SetFloat(f.float(t.Bits()))
	case reflect.Complex64, reflect.Complex128:
		v.SetComplex(complex(f.float(t.Bits()/2), f.float(t.Bits()/2)))
	case reflect.String:
		v.SetString(f.text(level))
	case reflect.Slice:
		f.fillSlice(t, v, level)
	case reflect.Array:
		for i := 0; i < t.Len(); i++ {
			f.fill(t.Elem(), unsafe.Add(p, uintptr(i)*t.Elem().Size()), level+1)
		}
	case reflect.Struct:
		for i := 0; i < t.NumField(); i++ {
			f.fill(t.Field(i).Type, unsafe.Add(p, t.Field(i).Offset), level+1)
		}
	case reflect.Pointer:
		v.Set(f.pointer(t, level))
	case reflect.Map:
		f.fillMap(t, v, level)
	case reflect.Chan:
		f.fillChan(t, v, level)
	case reflect.Func:
		v.Set(f.choose(t, funcs, level))
	case reflect.Interface:
		v.Set(f.dynamic(t, level))
	default:
		panic("no values of " + t.String())
	}
}

// number prefers the ends of the range and small numbers.
func (f *filler) number(width int) uint64 {
	switch f.below(5) {
	case 0:
		return []uint64{0, 1, math.MaxUint64, 1 << (width - 1), 1<<(width-1) - 1}[f.below(5)]
	case 1:
		return uint64(f.below(200)) - 100
	default:
		return f.next()
	}
}

func (f *filler) float(width int) float64 {
	special := []float64{0, math.Copysign(0, -1), 1, -1.5, math.NaN(), math.Inf(1), math.Inf(-1),
		math.SmallestNonzeroFloat64, math.MaxFloat64, 1 << 53, 0.1}
	if width == 32 {
		special = append(special[:7:7], math.SmallestNonzeroFloat32, math.MaxFloat32, 1<<24, float64(float32(0.1)))
	}
	switch f.below(3) {
	case 0:
		return special[f.below(len(special))]
	case 1:
		return float64(f.below(2000)-1000) / 8
	}
	if width == 32 {
		return float64(math.Float32frombits(uint32(f.next())))
	}
	return math.Float64frombits(f.next())
}

func (f *filler) text(level int) string {
	length := f.length(level) * (1 + f.below(8))
	alphabets := []string{"abcdefghijklmnopqrstuvwxyz0123456789", "äöüß€語😀x\"\\/<&>", "\x00\n\t\x1b\x7f\u2028a"}
	var out strings.Builder
	switch choice := f.below(len(alphabets) + 1); choice {
	case len(alphabets):
		for i := 0; i < length; i++ {
			out.WriteByte(byte(f.next()))
		}
	default:
		letters := []rune(alphabets[choice])
		for i := 0; i < length; i++ {
			out.WriteRune(letters[f.below(len(letters))])
		}
	}
	return out.String()
}

func (f *filler) fillSlice(t reflect.Type, v reflect.Value, level int) {
	v.Set(reflect.Zero(t))
	if f.bare(level) && f.below(2) == 0 {
		return
	}
	length := f.length(level)
	if t.Elem().Size() == 0 && length > 9 {
		length = 9
	}
	before := f.below(2)
	whole := reflect.MakeSlice(t, before+length+f.below(3), before+length+3)
	v.Set(whole.Slice(before, before+length))
	for i := 0; i < length; i++ {
		f.fill(t.Elem(), v.Index(i).Addr().UnsafePointer(), level+1)
	}
}

func (f *filler) pointer(t reflect.Type, level int) reflect.Value {
	if f.bare(level) {
		return reflect.Zero(t)
	}
	if shared := f.pool[t]; len(shared) > 0 && f.below(3) == 0 {
		return shared[f.below(len(shared))]
	}
	made := reflect.New(t.Elem())
	if len(f.pool[t]) < poolSize {
		f.pool[t] = append(f.pool[t], made.Convert(t))
	}
	f.fill(t.Elem(), made.UnsafePointer(), level+1)
	return made.Convert(t)
}

func (f *filler) fillMap(t reflect.Type, v reflect.Value, level int) {
	v.Set(reflect.Zero(t))
	if f.bare(level) && f.below(2) == 0 {
		return
	}
	length := f.length(level)
	v.Set(reflect.MakeMap(t))
	key, value := reflect.New(t.Key()), reflect.New(t.Elem())
	for i := 0; i < length; i++ {
		f.fill(t.Key(), key.UnsafePointer(), deepest-2)
		f.fill(t.Elem(), value.UnsafePointer(), level+1)
		v.SetMapIndex(key.Elem(), value.Elem())
	}
}

func (f *filler) fillChan(t reflect.Type, v reflect.Value, level int) {
	v.Set(reflect.Zero(t))
	if f.bare(level) {
		return
	}
	made := reflect.MakeChan(reflect.ChanOf(reflect.BothDir, t.Elem()), f.below(6))
	for i := f.below(made.Cap() + 1); i > 0; i-- {
		made.Send(reflect.Zero(t.Elem()))
	}
	v.Set(made.Convert(t))
}

// choose takes one of the values that can be assigned to a type.
func (f *filler) choose(t reflect.Type, among []any, level int) reflect.Value {
	var fitting []reflect.Value
	for _, each := range among {
		if v := reflect.ValueOf(each); v.Type().ConvertibleTo(t) {
			fitting = append(fitting, v.Convert(t))
		}
	}
	if len(fitting) == 0 || f.bare(level) {
		return reflect.Zero(t)
	}
	return fitting[f.below(len(fitting))]
}

func (f *filler) dynamic(t reflect.Type, level int) reflect.Value {
	if f.bare(level) {
		return reflect.Zero(t)
	}
	if f.below(4) == 0 || t == reflect.TypeOf((*error)(nil)).Elem() && f.below(3) > 0 {
		if made := reflect.ValueOf(f.anError(level)); made.Type().Implements(t) {
			return made
		}
	}
	var fitting []reflect.Type
	for _, each := range dynamicTypes {
		if each.Implements(t) {
			fitting = append(fitting, each)
		}
	}
	if len(fitting) == 0 {
		return reflect.Zero(t)
	}
	held := reflect.New(fitting[f.below(len(fitting))])
	f.fill(held.Type().Elem(), held.UnsafePointer(), level+1)
	return held.Elem()
}

func (f *filler) anError(level int) error {
	switch f.below(7) {
	case 0, 1:
		return errors.New("no " + f.text(level+1))
	case 2:
		return fmt.Errorf("step %d: %w", f.below(100), errors.New("cause"))
	case 3:
		return fmt.Errorf("plain %d", f.below(100))
	case 4:
		return &os.PathError{Op: "open", Path: f.text(level + 1), Err: syscall.Errno(1 + f.below(40))}
	case 5:
		return valueError{f.below(100), f.text(level + 1)}
	}
	return &pointerError{Reason: f.text(level + 1), Cause: errors.New("deep")}
}

type valueError struct {
	Code int
	Text string
}

func (e valueError) Error() string { return e.Text }

type pointerError struct {
	Reason string
	Cause  error
}

func (e *pointerError) Error() string { return e.Reason }

type numberError uint8

func (e numberError) Error() string { return "number" }

// tagger is an interface that is not empty and that the types below satisfy by value or by pointer.
type tagger interface {
	tag(n int) string
}

type tagStruct struct {
	A int8
	B string
	C *int32
}

//go:noinline
func (t tagStruct) tag(n int) string { return t.B }

type tagInt int16

//go:noinline
func (t tagInt) tag(n int) string { return "int" }

type tagPointer struct {
	Next *tagPointer
	Any  any
}

//go:noinline
func (t *tagPointer) tag(n int) string { return "pointer" }

type tagFunc func(int) string

//go:noinline
func (t tagFunc) tag(n int) string { return t(n) }

type tagMap map[string]int

//go:noinline
func (t tagMap) tag(n int) string { return "map" }

type tagSlice []float32

//go:noinline
func (t tagSlice) tag(n int) string { return "slice" }

// single is held by an interface in the data word itself.
type single struct {
	P *int64
}

//go:noinline
func (s single) tag(n int) string { return "single" }

type pair[A, B any] struct {
	First  A
	Second B
}

//go:noinline
func (p pair[A, B]) tag(n int) string { return "pair" }

func typeOf[T any]() reflect.Type {
	return reflect.TypeOf((*T)(nil)).Elem()
}

// dynamicTypes are what interfaces hold.
var dynamicTypes = []reflect.Type{
	typeOf[bool](), typeOf[int](), typeOf[int8](), typeOf[int16](), typeOf[int32](), typeOf[int64](), typeOf[uint](), typeOf[uint8](),
	typeOf[uint16](), typeOf[uint32](), typeOf[uint64](), typeOf[uintptr](), typeOf[float32](), typeOf[float64](), typeOf[complex64](),
	typeOf[complex128](), typeOf[string](), typeOf[[]byte](), typeOf[[]int](), typeOf[[]string](), typeOf[[3]int16](), typeOf[[0]int](),
	typeOf[[1]*int](), typeOf[[5]byte](), typeOf[struct{}](), typeOf[struct{ A, B int }](), typeOf[*int](), typeOf[**string](),
	typeOf[*struct{ F float32 }](), typeOf[map[string]int](), typeOf[chan int](), typeOf[<-chan string](), typeOf[func()](),
	typeOf[func(int) string](), typeOf[[]any](), typeOf[map[int]any](), typeOf[time.Duration](), typeOf[time.Time](), typeOf[*time.Location](),
	typeOf[valueError](), typeOf[*pointerError](), typeOf[numberError](), typeOf[tagStruct](), typeOf[*tagStruct](), typeOf[tagInt](),
	typeOf[*tagPointer](), typeOf[tagFunc](), typeOf[tagMap](), typeOf[tagSlice](), typeOf[single](), typeOf[pair[int, string]](),
	typeOf[*pair[float64, []byte]](), typeOf[pair[tagStruct, *int]](), typeOf[[]error](),
}

//go:noinline
func idle() {}

//go:noinline
func digit(n int) string { return string(rune('0' + n%10)) }

//go:noinline
func weigh(a, b float64) float64 { return a * b }

//go:noinline
func describe(format string, values ...any) error { return fmt.Errorf(format, values...) }

//go:noinline
func identity[T any](v T) T { return v }

//go:noinline
func adder(k int) func(int) string {
	return func(n int) string { return digit(n + k) }
}

// funcs are what variables of func types hold.
var funcs = []any{
	idle, func() { leaked = nil }, tagStruct{}.idle, (&tagPointer{}).idle, digit, adder(3), tagStruct{B: "method value"}.tag,
	(&tagPointer{}).tag, tagger(tagInt(1)).tag, strings.ToUpper, identity[string], weigh, math.Hypot, describe, identity[int],
}

//go:noinline
func (t tagStruct) idle() { leaked = nil }

//go:noinline
func (t *tagPointer) idle() { leaked = nil }
