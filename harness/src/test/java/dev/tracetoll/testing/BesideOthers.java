package dev.tracetoll.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * An integration test that is run while others are: it waits or computes more than it traces, and minds nobody. Its own tests are run one after the
 * other, and not while somebody needs a {@link #QUIET_MACHINE}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock(BesideOthers.QUIET_MACHINE)
public @interface BesideOthers {

    /** The lock of tests that measure, and of those that would disturb them. */
    String QUIET_MACHINE = "quiet machine";
}
