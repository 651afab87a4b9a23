/** What experiments are: a question, what is measured to answer it, and what is shown of it. Each has a package of its own below. */
package dev.tracetoll.experiment;
