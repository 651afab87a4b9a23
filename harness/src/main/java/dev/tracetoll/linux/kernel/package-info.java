/** The kernel that runs: its version, error numbers and signals, the capabilities it grants, and what a feature of it is. */
package dev.tracetoll.linux.kernel;
