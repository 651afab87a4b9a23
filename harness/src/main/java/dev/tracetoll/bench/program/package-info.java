/** Runs of a program of somebody's own: alone or under a load, traced by techniques that take turns. */
package dev.tracetoll.bench.program;
