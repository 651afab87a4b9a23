/** The bytes of a captured hit: their format, who writes and who reads them, their compact form, and the events that are made of them. */
package dev.tracetoll.tracing.record;
