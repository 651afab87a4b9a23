package dev.tracetoll.cli;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;

/** What a pipe is whose reader takes nothing until it wakes: writing waits. */
final class SleepingReader extends OutputStream {

    private final ByteArrayOutputStream read = new ByteArrayOutputStream();
    private boolean awake;

    @Override
    public void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        while (!awake) {
            try {
                wait();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        read.write(bytes, offset, length);
    }

    synchronized void wake() {
        awake = true;
        notifyAll();
    }

    synchronized byte[] read() {
        return read.toByteArray();
    }
}
