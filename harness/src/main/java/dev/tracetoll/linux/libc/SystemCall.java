package dev.tracetoll.linux.libc;

import jnr.ffi.Pointer;

/** System calls that libc has no function for, see syscall(2). */
public interface SystemCall {

    SystemCall LIBC = Libc.bind(SystemCall.class);

    long syscall(long number, long first, long second, long third, long fourth);

    /** One of five arguments. The first is a pointer, as jffi 1.4.3 passes garbage for the sixth of six integers. */
    long syscall(long number, Pointer first, long second, long third, long fourth, long fifth);
}
