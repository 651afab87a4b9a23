package dev.tracetoll.tracing.source;

/** Receives what a target tells of its calls of a function that takes an int, a string and a float and returns an int. */
public interface CallSink {

    /** Takes all and keeps nothing. */
    CallSink DISCARD = new CallSink() {
        @Override
        public void call(long n, byte[] text, long length, double fraction) {}

        @Override
        public void returned(long result) {}
    };

    /**
     * A call has begun.
     *
     * @param text what was kept of the string, in UTF-8, from its start
     * @param length how long the string is, in bytes
     */
    void call(long n, byte[] text, long length, double fraction);

    /** A call has returned. */
    void returned(long result);
}
