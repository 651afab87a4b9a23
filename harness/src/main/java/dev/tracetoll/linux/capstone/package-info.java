/** Instructions, decoded by libcapstone. */
package dev.tracetoll.linux.capstone;
