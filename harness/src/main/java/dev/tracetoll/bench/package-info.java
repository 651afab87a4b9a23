/** The measurement: JMH benchmarks, rounds, samples. */
package dev.tracetoll.bench;
