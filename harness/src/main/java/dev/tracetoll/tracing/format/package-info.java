/** Events for people and for programs: text and JSON, a line each. */
package dev.tracetoll.tracing.format;
