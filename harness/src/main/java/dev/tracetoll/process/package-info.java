/** A process whose threads are seized: stopping and moving them, where its program is loaded, changing its code and putting it back. */
package dev.tracetoll.process;
