/** What a Go binary says of itself: its functions, their parameters and types, where the ABI puts them, and where to probe. */
package dev.tracetoll.golang;
