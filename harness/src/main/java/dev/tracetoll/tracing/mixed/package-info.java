/** Traces some sites of a plan by one technique and the others by another, as one. */
package dev.tracetoll.tracing.mixed;
