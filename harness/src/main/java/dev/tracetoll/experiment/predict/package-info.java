/** What would tracing cost a program, told before it is traced? */
package dev.tracetoll.experiment.predict;
