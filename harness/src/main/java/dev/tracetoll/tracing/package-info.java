/** One interface for every technique of tracing, and what the techniques share: records, values, calls matched with returns. */
package dev.tracetoll.tracing;
