/** How the cost of tracing grows with the size of the workload. */
package dev.tracetoll.experiment.growth;
