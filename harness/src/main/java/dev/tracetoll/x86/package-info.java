/** Instructions of x86-64: what they are, read, write and lead to, how they are moved to another address, and what they do. */
package dev.tracetoll.x86;
