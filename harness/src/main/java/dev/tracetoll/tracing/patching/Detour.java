package dev.tracetoll.tracing.patching;

import dev.tracetoll.process.MemoryMap;

/** What the jumps of an {@link Installation} lead to: code for each patch, and what memory that needs besides. Used by one thread at a time. */
public interface Detour {

    /**
     * The process that the code is for.
     *
     * @param process its number
     * @param bias what to add to an address in the program's file for the address in the process
     * @param image where its program is in memory
     */
    record Home(int process, long bias, MemoryMap.Area image) {}

    /** The name of the file of memory that the code is to be in: by it what is left behind is found, and uprobes need a file. */
    String file();

    /**
     * Maps what the code needs besides itself, which is of a file of memory too, whose name begins as that of all of them; before any code is
     * asked for that will be executed. Other threads of the process may run meanwhile.
     */
    void map(ForcedCalls calls, Home home);

    /**
     * The code for a patch. Its size depends on nothing but where in its page it is.
     *
     * @param origin where it is to be in the process
     */
    byte[] code(Home home, Patch patch, long origin);
}
