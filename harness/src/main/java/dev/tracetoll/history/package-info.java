/** How the figures of one environment have gone from run to run, and where their level has changed. */
package dev.tracetoll.history;
