package io.tailrace.gateway.assistant;

import io.tailrace.gateway.problem.RunProblem;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An assistant as requests name it: {@code name}, or {@code name@3} for a version of it.
 *
 * @param version from 1; the newest without one
 */
public record AssistantName(String name, OptionalInt version) {
    private static final Pattern LEGAL = Pattern.compile("([A-Za-z0-9][A-Za-z0-9._-]{0,63})(?:@([1-9][0-9]{0,8}))?");

    /** What a name has to be like, for people. */
    public static final String RULE =
            "An assistant has 1 to 64 letters, digits, '.', '_' and '-', a letter or digit first; a version is added as in"
                    + " name@3";

    /** The name in a text; empty if it is none. */
    public static Optional<AssistantName> of(String text) {
        Matcher matcher = LEGAL.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String version = matcher.group(2);
        return Optional.of(new AssistantName(
                matcher.group(1), version == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(version))));
    }

    /** @throws RunProblem {@code malformed_assistant_name} */
    static AssistantName path(String segment) {
        return of(segment).orElseThrow(() -> RunProblem.invalid("malformed_assistant_name", "name", RULE + "."));
    }

    /**
     * The name of what is changed, which has no version.
     *
     * @throws RunProblem {@code malformed_assistant_name}
     */
    static String changed(String segment) {
        AssistantName name = path(segment);
        if (name.version().isPresent()) {
            throw RunProblem.invalid(
                    "malformed_assistant_name", "name", "Versions do not change: leave the version out.");
        }
        return name.name();
    }

    /** As it is written. */
    @Override
    public String toString() {
        return version.isPresent() ? name + "@" + version.getAsInt() : name;
    }
}
