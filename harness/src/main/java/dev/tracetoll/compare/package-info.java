/** What follows from arms side by side, and from two runs: overheads, ratios, verdicts. */
package dev.tracetoll.compare;
