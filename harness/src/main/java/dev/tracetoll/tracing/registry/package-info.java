/**
 * What is known of each technique, whoever implements it: one entry each, by name. It knows no tracer and no event, so that whoever reads results may
 * use it too.
 */
package dev.tracetoll.tracing.registry;
