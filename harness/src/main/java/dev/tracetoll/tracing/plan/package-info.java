/** What to trace, compiled: the probe sites, what is read at each, and the types of what is read. The same for every technique. */
package dev.tracetoll.tracing.plan;
