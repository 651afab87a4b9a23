package dev.tracetoll.burst;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What a target says of itself when it is ready.
 *
 * @param target its name
 * @param functions the linker's symbol names of its probed functions
 * @param goVersion the Go version it was built with, as Go prints it
 */
public record Greeting(
        @JsonProperty(required = true) String target,
        @JsonProperty(required = true) List<String> functions,
        @JsonProperty(value = "go", required = true) String goVersion) {

    public Greeting {
        functions = List.copyOf(functions);
    }
}
