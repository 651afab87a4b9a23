package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"reflect"
	"regexp"
	"runtime"
	"runtime/debug"
	"sort"
	"strconv"
	"sync"
	"unicode/utf8"
	"unsafe"
)

// slot is a parameter or result: where its value is, without the compiler knowing that the address was taken.
type slot struct {
	name string
	typ  reflect.Type
	at   unsafe.Pointer
}

func at[T any](name string, p *T) slot {
	return slot{name, reflect.TypeOf(p).Elem(), hide(unsafe.Pointer(p))}
}

// hide keeps a variable from escaping to the heap. Stacks do not move meanwhile, see steadyStack.
func hide(p unsafe.Pointer) unsafe.Pointer {
	x := uintptr(p)
	return *(*unsafe.Pointer)(unsafe.Pointer(&x))
}

// rendered is a value as the tracer must report it.
//
// kinds mirrors value: a leaf is the name of its kind, a node {"kind":…,"of":[…]} lists its fields, elements or what it points to; that of
// a map lists keys and values by turns, and says in "shown" how many entries a tracer must show at least.
type rendered struct {
	value, kinds string
}

func leaf(value, kind string) rendered {
	return rendered{value, `"` + kind + `"`}
}

func node(value, kind string, of []rendered) rendered {
	var kinds bytes.Buffer
	for i, each := range of {
		if i > 0 {
			kinds.WriteByte(',')
		}
		kinds.WriteString(each.kinds)
	}
	return rendered{value, `{"kind":"` + kind + `","of":[` + kinds.String() + `]}`}
}

// renderer renders values and adds up what a tracer captures of them.
type renderer struct {
	captured int
}

// render renders a value; depth is how many pointers in a row may still be followed.
func (r *renderer) render(t reflect.Type, p unsafe.Pointer, depth int) rendered {
	v := reflect.NewAt(t, p).Elem()
	kind := t.Kind().String()
	switch t.Kind() {
	case reflect.Bool:
		return leaf(strconv.FormatBool(v.Bool()), kind)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return leaf(strconv.FormatInt(v.Int(), 10), kind)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return leaf(strconv.FormatUint(v.Uint(), 10), kind)
	case reflect.Float32, reflect.Float64:
		return leaf(float(v.Float(), t.Bits()), kind)
	case reflect.Complex64, reflect.Complex128:
		c := v.Complex()
		return leaf(`{"real":`+float(real(c), t.Bits()/2)+`,"imag":`+float(imag(c), t.Bits()/2)+`}`, kind)
	case reflect.String:
		return leaf(r.text([]byte(v.String())), kind)
	case reflect.Slice:
		if v.IsNil() {
			return leaf("null", kind)
		}
		if t.Elem().Kind() == reflect.Uint8 {
			return leaf(r.text(v.Bytes()), "bytes")
		}
		return r.elements(kind, t.Elem(), v.UnsafePointer(), v.Len(), depth)
	case reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 {
			return leaf(r.text(unsafe.Slice((*byte)(p), t.Len())), "bytes")
		}
		return r.elements(kind, t.Elem(), p, t.Len(), depth)
	case reflect.Struct:
		return r.fields(t, p, depth)
	case reflect.Pointer:
		return r.pointer(t.Elem(), v, depth)
	case reflect.Map:
		if v.IsNil() {
			return leaf("null", kind)
		}
		return r.entries(t, v, depth)
	case reflect.Chan:
		if v.IsNil() {
			return leaf("null", kind)
		}
		return leaf(fmt.Sprintf(`{"length":%d,"capacity":%d}`, v.Len(), v.Cap()), kind)
	case reflect.Func:
		if v.IsNil() {
			return leaf("null", kind)
		}
		return leaf(`{"function":`+quote(runtime.FuncForPC(v.Pointer()).Name())+`}`, kind)
	case reflect.Interface:
		if v.IsNil() {
			return leaf("null", kind)
		}
		held := v.Elem()
		copied := reflect.New(held.Type())
		copied.Elem().Set(held)
		r.captured += int(held.Type().Size()) + 16
		value := r.render(held.Type(), copied.UnsafePointer(), depth)
		return node(`{"dynamicType":`+quote(held.Type().String())+`,"value":`+value.value+`}`, kind, []rendered{value})
	}
	panic("no rendering of " + t.String())
}

func float(f float64, bits int) string {
	switch {
	case math.IsNaN(f):
		return `"NaN"`
	case math.IsInf(f, 1):
		return `"+Inf"`
	case math.IsInf(f, -1):
		return `"-Inf"`
	}
	return strconv.FormatFloat(f, 'e', -1, bits)
}

func (r *renderer) text(whole []byte) string {
	captured := whole
	if len(captured) > maxBytes {
		captured = captured[:maxBytes]
	}
	r.captured += len(captured) + 16
	if len(captured) < len(whole) {
		captured = withoutCutRune(captured)
	}
	plain, key := `"`+hex.EncodeToString(captured)+`"`, "hex"
	if utf8.Valid(captured) {
		plain, key = quote(string(captured)), "prefix"
	}
	switch {
	case len(captured) < len(whole):
		return fmt.Sprintf(`{"%s":%s,"length":%d}`, key, plain, len(whole))
	case key == "hex":
		return `{"hex":` + plain + `}`
	}
	return plain
}

// withoutCutRune takes off the beginning of a character that was cut, if the bytes before are valid.
func withoutCutRune(b []byte) []byte {
	for n := 1; n < utf8.UTFMax && n <= len(b); n++ {
		if utf8.RuneStart(b[len(b)-n]) {
			if !utf8.FullRune(b[len(b)-n:]) && utf8.Valid(b[:len(b)-n]) {
				return b[:len(b)-n]
			}
			break
		}
	}
	return b
}

func (r *renderer) elements(kind string, t reflect.Type, p unsafe.Pointer, length, depth int) rendered {
	count := shown(length, int(t.Size()))
	r.captured += count*int(t.Size()) + 16
	var values bytes.Buffer
	of := make([]rendered, 0, count)
	values.WriteByte('[')
	for i := 0; i < count; i++ {
		if i > 0 {
			values.WriteByte(',')
		}
		element := r.render(t, unsafe.Add(p, uintptr(i)*t.Size()), depth)
		values.WriteString(element.value)
		of = append(of, element)
	}
	values.WriteByte(']')
	if count < length {
		return node(fmt.Sprintf(`{"elements":%s,"length":%d}`, values.String(), length), kind, of)
	}
	return node(values.String(), kind, of)
}

var addresses = regexp.MustCompile("0x[0-9a-f]+")

// entries renders all entries of a map, in an order that does not depend on addresses.
func (r *renderer) entries(t reflect.Type, v reflect.Value, depth int) rendered {
	type entry struct {
		key, value  rendered
		text, order string
	}
	var all []entry
	key, value := reflect.New(t.Key()), reflect.New(t.Elem())
	for i := v.MapRange(); i.Next(); {
		key.Elem().Set(i.Key())
		value.Elem().Set(i.Value())
		each := entry{key: r.render(t.Key(), key.UnsafePointer(), depth), value: r.render(t.Elem(), value.UnsafePointer(), depth)}
		each.text = "[" + each.key.value + "," + each.value.value + "]"
		each.order = addresses.ReplaceAllString(each.text, "")
		all = append(all, each)
	}
	sort.Slice(all, func(i, j int) bool {
		if all[i].order != all[j].order {
			return all[i].order < all[j].order
		}
		return all[i].text < all[j].text
	})
	r.captured += v.Len()*entrySize(t) + 24
	var values, kinds bytes.Buffer
	for i, each := range all {
		if i > 0 {
			values.WriteByte(',')
			kinds.WriteByte(',')
		}
		values.WriteString(each.text)
		kinds.WriteString(each.key.kinds + "," + each.value.kinds)
	}
	return rendered{fmt.Sprintf(`{"length":%d,"entries":[%s]}`, v.Len(), values.String()),
		fmt.Sprintf(`{"kind":"map","shown":%d,"of":[%s]}`, shown(v.Len(), entrySize(t)), kinds.String())}
}

// shown is how many elements or entries of a size are shown: as many as fit, but one at least unless they are bytes.
func shown(length, size int) int {
	most := length
	if size > 0 {
		most = maxBytes / size
	}
	if most == 0 && size > 1 {
		most = 1
	}
	if length < most {
		return length
	}
	return most
}

// entrySize is the size of a key and a value, as fields of a struct; large ones are kept elsewhere.
func entrySize(t reflect.Type) int {
	size, align := uintptr(0), uintptr(1)
	for _, each := range []reflect.Type{t.Key(), t.Elem()} {
		eachSize, eachAlign := each.Size(), uintptr(each.Align())
		if eachSize > 128 {
			eachSize, eachAlign = 8, 8
		}
		size = (size+eachAlign-1)/eachAlign*eachAlign + eachSize
		if eachAlign > align {
			align = eachAlign
		}
	}
	return int((size + align - 1) / align * align)
}

func (r *renderer) fields(t reflect.Type, p unsafe.Pointer, depth int) rendered {
	var values bytes.Buffer
	var of []rendered
	values.WriteByte('{')
	for i := 0; i < t.NumField(); i++ {
		field := t.Field(i)
		if field.Name == "_" {
			continue
		}
		if len(of) > 0 {
			values.WriteByte(',')
		}
		value := r.render(field.Type, unsafe.Add(p, field.Offset), depth)
		values.WriteString(quote(field.Name) + ":" + value.value)
		of = append(of, value)
	}
	values.WriteByte('}')
	return node(values.String(), "struct", of)
}

func (r *renderer) pointer(pointee reflect.Type, v reflect.Value, depth int) rendered {
	if v.IsNil() {
		return leaf("null", "pointer")
	}
	address := fmt.Sprintf(`{"address":"0x%x"`, v.Pointer())
	if depth == 0 {
		return leaf(address+`}`, "pointer")
	}
	r.captured += int(pointee.Size()) + 16
	value := r.render(pointee, v.UnsafePointer(), depth-1)
	return node(address+`,"value":`+value.value+`}`, "pointer", []rendered{value})
}

func quote(s string) string {
	quoted, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(quoted)
}

// variables renders parameters or results; also says how many bytes a tracer captures of them.
func variables(slots []slot) (string, int) {
	var r renderer
	var out bytes.Buffer
	out.WriteByte('[')
	for i, each := range slots {
		if i > 0 {
			out.WriteByte(',')
		}
		r.captured += int(each.typ.Size()) + 16
		value := r.render(each.typ, each.at, depth)
		fmt.Fprintf(&out, `{"name":%s,"type":%s,"kinds":%s,"value":%s}`, quote(each.name), quote(each.typ.String()), value.kinds, value.value)
	}
	out.WriteByte(']')
	return out.String(), r.captured
}

// recordBytes is what is sure to fit into one record of a tracer.
const recordBytes = 12 << 10

// fillFitting fills variables so that what a tracer captures of the shown ones fits into one record; what is large need not fit.
func fillFitting(function, number int, large bool, fills, shown []slot) {
	seed := (seed*1000003+uint64(function))*1000003 + uint64(number)
	for frugality := 0; ; frugality++ {
		f := newFiller(seed, frugality, large)
		for _, each := range fills {
			f.fill(each.typ, each.at, 0)
		}
		if _, captured := variables(shown); large || captured <= recordBytes {
			return
		}
		if frugality > mostFrugal {
			panic(fmt.Sprintf("the values of function %d never fit into a record", function))
		}
	}
}

// call is one call of a function under test.
type call struct {
	function  string
	number    int
	slots     []slot
	arguments string
}

var (
	output sync.Mutex
	lines  bytes.Buffer

	// What the functions under test leak.
	leaked    unsafe.Pointer
	leakedAny any
)

// use looks at something without letting it escape.
//
//go:noinline
func use(p unsafe.Pointer) {}

// begin notes the arguments, just before the call.
func begin(function string, number int, slots ...slot) *call {
	arguments, _ := variables(slots)
	return &call{function, number, slots, arguments}
}

// end notes the results, just after the call.
func (c *call) end(slots ...slot) {
	results, _ := variables(slots)
	if after, _ := variables(c.slots); after != c.arguments {
		panic(fmt.Sprintf("%s: the arguments were %s before the call and %s after it", c.function, c.arguments, after))
	}
	output.Lock()
	defer output.Unlock()
	fmt.Fprintf(&lines, "{\"function\":%s,\"call\":%d,\"arguments\":%s,\"results\":%s}\n", quote(c.function), c.number, c.arguments, results)
}

// codeName is the linker's name of the function that a func points to.
func codeName(f any) string {
	return runtime.FuncForPC(reflect.ValueOf(f).Pointer()).Name()
}

// steadyStack runs f on a stack that is large enough not to grow, hence not to move; without collections none shrinks.
func steadyStack(f func()) {
	stretch(512)
	f()
}

//go:noinline
func stretch(pages int) byte {
	var page [4096]byte
	if pages > 0 {
		page[pages] = stretch(pages - 1)
	}
	return page[pages/2]
}

// run makes the calls: all functions in turn, several times; from several goroutines if asked to.
func run(functions int, prepare, invoke func(function, number int)) {
	debug.SetGCPercent(-1)
	if goroutines == 0 {
		steadyStack(func() {
			for number := 0; number < callsEach; number++ {
				for function := 0; function < functions; function++ {
					prepare(function, number)
					invoke(function, number)
				}
			}
		})
	} else {
		steadyStack(func() {
			for function := 0; function < functions; function++ {
				prepare(function, 0)
			}
		})
		var all sync.WaitGroup
		for goroutine := 0; goroutine < goroutines; goroutine++ {
			all.Add(1)
			go func(goroutine int) {
				defer all.Done()
				steadyStack(func() {
					for number := goroutine; number < callsEach*goroutines; number += goroutines {
						for function := 0; function < functions; function++ {
							invoke(function, number)
						}
					}
				})
			}(goroutine)
		}
		all.Wait()
	}
	if err := os.WriteFile(os.Args[1], lines.Bytes(), 0o644); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
