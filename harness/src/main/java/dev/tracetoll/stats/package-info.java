/** Estimators and their intervals; knows nothing of tracing. */
package dev.tracetoll.stats;
