/** What a hit of a probe costs on this machine, technique by technique. */
package dev.tracetoll.bench.prices;
