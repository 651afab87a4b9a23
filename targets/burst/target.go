// Package burst lets a program be measured: on request the program runs bursts of calls of its probed function, times each burst
// with its own monotonic clock, and hands back the durations. See Serve for the protocol.
package burst

import (
	"encoding/json"
	"strconv"
	"strings"
)

// Burst is a run of calls of the probed function that is timed as one.
type Burst struct {
	// First is the index of the burst's first call. Calls are numbered from 0, from the start of the program.
	First int
	// Calls is how many calls the burst makes.
	Calls int
}

// Call is what one call passes and returns: integers, strings, booleans, and floats as Float.
type Call struct {
	Arguments []interface{} `json:"arguments"`
	Results   []interface{} `json:"results"`
}

// Target is what tells one target from another.
type Target struct {
	// Name is the name of the program.
	Name string
	// Functions are the linker's symbol names of the probed functions.
	Functions []string
	// Prepare makes everything ready that a burst needs. The function it returns makes the calls and nothing else: that is what is timed.
	Prepare func(Burst) func()
	// Begin is called before the bursts of a request and End after them, if there are such; neither is timed, and End is among what takes CPU time.
	Begin, End func()
	// Truth says what the call of that index passes and returns, without calling the probed function.
	Truth func(b Burst, index int) Call
	// Call makes one call of the probed function, for loads by a schedule; nil if there are none.
	Call func(index int)
}

// Float is a float64 whose JSON form always shows that it is not an integer, and is read back as the same number.
type Float float64

// MarshalJSON writes the shortest decimal that is read back as the same number.
func (f Float) MarshalJSON() ([]byte, error) {
	text, err := json.Marshal(float64(f))
	if err != nil || strings.ContainsAny(string(text), ".e") {
		return text, err
	}
	return append(text, ".0"...), nil
}

// texts has as many members as Text needs; a power of two keeps the choice to one instruction.
var texts [128]string

func init() {
	const alphabet = "abcdefghijklmnopqrstuvwxyzäßçñ日本語€🙂"
	for i := range texts {
		length := i * 101 / len(texts)
		var text strings.Builder
		text.WriteString(strconv.Itoa(i))
		for _, r := range strings.Repeat(alphabet[i%26:], 4) {
			if text.Len()+len(string(r)) > length {
				break
			}
			text.WriteRune(r)
		}
		if length == 0 {
			text.Reset()
		}
		texts[i] = text.String()
	}
}

// Text is the string that goes with a call: valid UTF-8 of 0 to 100 bytes, not all of it ASCII, another one at the next call.
func Text(index int) string {
	return texts[index%len(texts)]
}
