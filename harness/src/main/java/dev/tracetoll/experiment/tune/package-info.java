/** How large must a ring buffer be, and when is it to be read? */
package dev.tracetoll.experiment.tune;
