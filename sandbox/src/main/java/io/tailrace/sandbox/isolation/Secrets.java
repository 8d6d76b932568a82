package io.tailrace.sandbox.isolation;

import io.tailrace.sandbox.process.CommandNotStarted;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The worker's environment variables that builds may get by name, and whose values no output shows. A phase asks for one with the value
 * <code>${secret:NAME}</code> in its environment. Immutable.
 */
public final class Secrets {

    /** Nothing is handed out and nothing is masked. */
    public static final Secrets NONE = new Secrets(Map.of());

    /** Masking less would hide ordinary output, and tell the value by what is hidden. */
    static final int MIN_BYTES = 6;

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{secret:([^}]*)}");

    private final Map<String, String> values;

    private Secrets(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    /**
     * The values that these variables have.
     *
     * @param names as the operator listed them
     * @param environment the worker's
     * @throws IllegalArgumentException when a name is none, its variable is not set, or its value is too short to be masked
     */
    public static Secrets of(List<String> names, Map<String, String> environment) {
        Map<String, String> values = new TreeMap<>();
        for (String name : names) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "tailrace.worker.secrets: \"" + name + "\" is not the name of an environment variable");
            }
            String value = environment.get(name);
            if (value == null) {
                throw new IllegalArgumentException(
                        "tailrace.worker.secrets names " + name + ", which is not set in the worker's environment");
            }
            if (value.getBytes(StandardCharsets.UTF_8).length < MIN_BYTES) {
                throw new IllegalArgumentException("tailrace.worker.secrets names " + name
                        + ", whose value is too short to be masked (below " + MIN_BYTES + " bytes)");
            }
            values.put(name, value);
        }
        return new Secrets(values);
    }

    /** Whether an environment variable's value refers to a secret. */
    public static boolean isReference(String value) {
        return REFERENCE.matcher(value).matches();
    }

    /**
     * The same variables with the secrets' values for the references.
     *
     * @throws CommandNotStarted when a secret is asked for that the operator did not list
     */
    public Map<String, String> resolve(Map<String, String> environment) throws CommandNotStarted {
        Map<String, String> resolved = new HashMap<>(environment);
        for (Map.Entry<String, String> variable : resolved.entrySet()) {
            Matcher reference = REFERENCE.matcher(variable.getValue());
            if (reference.matches()) {
                String value = values.get(reference.group(1));
                if (value == null) {
                    throw CommandNotStarted.secretMissing(reference.group(1));
                }
                variable.setValue(value);
            }
        }
        return resolved;
    }

    /** A new mask for one stream of output; nothing where there is nothing to hide. */
    public Optional<SecretMask> mask() {
        return values.isEmpty() ? Optional.empty() : Optional.of(new SecretMask(values.values()));
    }
}
