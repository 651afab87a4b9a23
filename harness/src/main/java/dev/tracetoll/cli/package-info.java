/** The command line: one class a subcommand. */
package dev.tracetoll.cli;
