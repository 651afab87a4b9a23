/**
 * Programs that tell of their calls themselves, because their source says so: what it costs where a program may be changed and built again, for comparison
 * with tracing from outside.
 */
package dev.tracetoll.tracing.source;
