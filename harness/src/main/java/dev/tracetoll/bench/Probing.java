package dev.tracetoll.bench;

/**
 * What is probed.
 *
 * @param functions how many functions, the one that is called among them
 * @param maxBytes how many bytes of each string are captured
 */
record Probing(int functions, int maxBytes) {

    static final Probing ONE = new Probing(1, ArmSpec.MAX_BYTES);
}
