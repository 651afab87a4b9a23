/** What each part of a technique adds to the one below, and the bounds that we set ourselves. */
package dev.tracetoll.experiment.ladder;
