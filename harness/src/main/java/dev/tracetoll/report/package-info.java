/** Charts and tables: what people look at. */
package dev.tracetoll.report;
