// Package source is how a program tells of its own calls where its source can be changed: what tracing from outside is compared with.
//
// A Ring is the cheapest way that there is, a Log is what people write who want to see something today, and Note is what nobody undercuts.
package source
