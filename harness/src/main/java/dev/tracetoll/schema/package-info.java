/** What records that are stored as JSON cannot do without. */
package dev.tracetoll.schema;
