/** What the same burst costs under each technique, side by side. */
package dev.tracetoll.experiment.headline;
