/** One interface for every technique of tracing, and what all of them tell: calls, returns, values, counts. */
package dev.tracetoll.tracing;
