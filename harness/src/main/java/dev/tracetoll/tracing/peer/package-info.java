/** Other tools that trace, started and driven so that they can be measured beside our own techniques. */
package dev.tracetoll.tracing.peer;
