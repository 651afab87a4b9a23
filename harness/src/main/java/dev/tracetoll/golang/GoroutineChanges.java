package dev.tracetoll.golang;

/**
 * Where the runtime can be seen changing what {@code runtime.g} says of a goroutine: between two hits the number and the stack of the goroutine
 * that a {@code runtime.g} stands for are the same, as long as the process executes no other program. Its memory is never given back; an ended goroutine's is used for a later one.
 *
 * <p>Source: who writes {@code goid} and {@code stack} of a goroutine, in {@code src/runtime/proc.go} and {@code src/runtime/stack.go} of Go 1.18
 * to 1.26.
 *
 * @param move {@code runtime.copystack(gp *g, newsize uintptr)}: a goroutine that does not run meanwhile gets another stack
 * @param end {@code runtime.goexit0(gp *g)}: a goroutine has ended
 */
public record GoroutineChanges(ProbeSite move, ProbeSite end) {}
