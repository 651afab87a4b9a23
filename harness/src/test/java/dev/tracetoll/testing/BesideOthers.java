package dev.tracetoll.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Set;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.ResourceLocksProvider;

/**
 * An integration test that is run while others are: it waits or computes more than it traces, and minds nobody. Its own tests are run one after the
 * other, and not while somebody needs a {@link #QUIET_MACHINE}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock(value = BesideOthers.QUIET_MACHINE, mode = ResourceAccessMode.READ)
@ResourceLock(providers = BesideOthers.Itself.class)
public @interface BesideOthers {

    /** The lock of tests that measure, and of those that would disturb them. */
    String QUIET_MACHINE = "quiet machine";

    /** A lock that nobody else takes: with one that it does not share, a class runs its tests one after the other. */
    final class Itself implements ResourceLocksProvider {
        @Override
        public Set<Lock> provideForClass(Class<?> testClass) {
            return Set.of(new Lock(testClass.getName(), ResourceAccessMode.READ_WRITE));
        }
    }
}
