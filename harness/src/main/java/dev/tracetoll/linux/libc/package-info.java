/** libc, bound function by function, and the loading of other shared libraries. */
package dev.tracetoll.linux.libc;
