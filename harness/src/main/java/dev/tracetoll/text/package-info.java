/** Text for a terminal, in HTML and in Markdown: what each of them takes for its own is escaped; and one table that is set in all three. */
package dev.tracetoll.text;
