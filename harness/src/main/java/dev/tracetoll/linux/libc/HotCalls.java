package dev.tracetoll.linux.libc;

import jnr.ffi.Pointer;
import jnr.ffi.annotations.IgnoreError;

/**
 * The calls that are made at every hit. Without keeping {@code errno}, which takes longer than the call itself when the caches are cold: one
 * that fails is made again through {@link ThreadCalls} or {@link ProcessCalls}, to fail again and say why.
 */
public interface HotCalls {

    HotCalls LIBC = Libc.bind(HotCalls.class);

    @IgnoreError
    long ptrace(long request, long thread, long address, long data);

    @IgnoreError
    int waitpid(int pid, long status, int options);

    @IgnoreError
    int waitid(int type, int id, long info, int options);

    @IgnoreError
    long process_vm_readv(int pid, Pointer local, long localCount, Pointer remote, long remoteCount, long flags);
}
