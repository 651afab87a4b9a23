/** The machine that a run comes from: what it is, how busy it was, and whether another one is the same. */
package dev.tracetoll.environment;
