/** The technique {@code inline}: jumps into code of our own within the program, which writes records into memory that it shares with this process. */
package dev.tracetoll.tracing.inline;
