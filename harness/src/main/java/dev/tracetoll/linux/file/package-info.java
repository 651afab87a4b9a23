/** Files and descriptors: pipes, memory mapped from them or shared by them, the terminal, temporary directories. */
package dev.tracetoll.linux.file;
