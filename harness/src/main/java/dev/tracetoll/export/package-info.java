/** Runs in the formats that other tools read. */
package dev.tracetoll.export;
