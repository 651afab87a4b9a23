package dev.tracetoll.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * An integration test that keeps a core busy, or minds when another such test does: of all these one is run at a time. Those that are
 * {@link BesideOthers} may run meanwhile, so that the other core is not idle: a test that is left without an annotation waits for all of them.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock(OneAtATime.BUSY)
@ResourceLock(value = BesideOthers.QUIET_MACHINE, mode = ResourceAccessMode.READ)
public @interface OneAtATime {

    /** The lock of tests that are run one at a time. */
    String BUSY = "busy core";
}
