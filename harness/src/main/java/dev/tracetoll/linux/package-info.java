/** The only place that touches native code: system calls, libc, libbpf, libdw and libcapstone, bound through jnr-ffi. */
package dev.tracetoll.linux;
