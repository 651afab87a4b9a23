/** What is collected of all calls of a function together, in memory that whoever counts shares with this process. */
package dev.tracetoll.tracing.totals;
