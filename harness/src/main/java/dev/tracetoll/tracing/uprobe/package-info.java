/** Uprobes, by which several techniques see calls: what the kernel makes of a site under one, and so what a hit costs. */
package dev.tracetoll.tracing.uprobe;
