/** What does tracing cost a program of somebody's own, under its own load? */
package dev.tracetoll.experiment.program;
