/** The results of a run: their schema, where they are stored, the environment they come from. */
package dev.tracetoll.results;
