package dev.tracetoll.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/** A test that looks at pages with Chromium and {@code pdftotext}. Without them it fails in CI and is skipped elsewhere, with the reason on stderr. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsFeature.OfBrowser.class)
public @interface NeedsBrowser {}
