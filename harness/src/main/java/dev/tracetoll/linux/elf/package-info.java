/** ELF files and their DWARF, read by libelf and libdw. */
package dev.tracetoll.linux.elf;
