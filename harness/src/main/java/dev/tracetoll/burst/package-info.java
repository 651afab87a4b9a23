/** Launches a Go target and speaks the burst protocol with it. */
package dev.tracetoll.burst;
