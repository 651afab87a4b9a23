/** A ring of records in memory that a program under trace writes and this process drains. */
package dev.tracetoll.tracing.ring;
