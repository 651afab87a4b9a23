/** What the kernel writes into memory about what happens on a processor, see perf_event_open(2). */
package dev.tracetoll.linux.perf;
