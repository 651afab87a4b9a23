/** The results of a run: their schema, where they are stored, and what makes them doubtful. */
package dev.tracetoll.results;
