/** Processes: starting them, waiting for them, what they inherit, how they end, what they have used and on which CPUs they run. */
package dev.tracetoll.linux.process;
