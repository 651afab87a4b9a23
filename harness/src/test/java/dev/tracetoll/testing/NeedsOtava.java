package dev.tracetoll.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/** A test that lets Apache Otava read what was exported; it is installed for it. Where that fails, it fails in CI and is skipped elsewhere, with the reason on stderr. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsFeature.Otava.class)
public @interface NeedsOtava {}
