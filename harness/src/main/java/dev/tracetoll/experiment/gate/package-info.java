/** How often the gate finds a slowdown of a known size. */
package dev.tracetoll.experiment.gate;
