package dev.tracetoll.results;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tracetoll.schema.Required;

/**
 * A probe site of an arm.
 *
 * @param kind {@code entry} or {@code return}
 * @param instruction the displaced instruction, as {@code push rbp}
 * @param siteClass what the kernel does with it under a uprobe: {@code optimized}, {@code emulated} or {@code stepped}
 */
public record Site(
        String kind,
        String instruction,
        @JsonProperty("class") String siteClass) {

    public Site {
        Required.text(kind, "kind");
        Required.text(instruction, "instruction");
        Required.text(siteClass, "class");
    }
}
