/** What the kernel lets this process do, tried with the classes that tracing itself uses. */
package dev.tracetoll.linux.features;
