package dev.tracetoll.golang;

/**
 * Where the Go runtime keeps what code within the program can use, and what must not be disturbed: offsets in bytes, and addresses in the ELF file.
 *
 * @param thread of {@code g.m}
 * @param threadId of {@code m.procid}, the kernel's id of the thread
 * @param processor of {@code m.p}, which is 0 while the thread runs no Go code of its own right
 * @param processorNumber of {@code p.id}: from 0 up to GOMAXPROCS
 * @param signalStack of {@code m.gsignal}, whose stack signals are handled on
 * @param preempted of {@code g.asyncSafePoint}: whether the goroutine was stopped between any two instructions
 * @param saved of {@code g.sched}, whose first word is the stack pointer of a goroutine that does not run
 * @param goroutines address of {@code runtime.allgs}, a slice of all
 * @param arenas address of {@code mheap_.arenas}, an array of one pointer to the table of the heap's arenas
 * @param spans of {@code heapArena.spans}, one word a page, 0 where the page was never used
 */
public record RuntimeInternals(
        int thread,
        int threadId,
        int processor,
        int processorNumber,
        int signalStack,
        int preempted,
        int saved,
        long goroutines,
        long arenas,
        int spans) {}
