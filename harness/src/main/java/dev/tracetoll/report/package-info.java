/** What figures are shown with, whatever they are of: pictures, pages, words; and what has changed between two runs. */
package dev.tracetoll.report;
