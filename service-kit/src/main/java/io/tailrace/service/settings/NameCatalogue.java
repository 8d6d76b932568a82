package io.tailrace.service.settings;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Whose every name below {@code tailrace.} is, from {@code names.txt}: processes of one machine share an environment, so
 * each meets variables that are others'. Immutable.
 */
final class NameCatalogue {
    private static final String FILE = "names.txt";

    /** Owner of what every service can be told. */
    static final String EVERY_SERVICE = "every-service";

    /** Owner of what has another name now. */
    private static final String MOVED = "moved";

    private final Map<String, TreeSet<String>> byOwner = new TreeMap<>();
    private final Map<String, String> moved = new TreeMap<>();

    private NameCatalogue(Stream<String> lines) {
        lines.map(String::strip)
                .filter(it -> !it.isEmpty() && !it.startsWith("#"))
                .map(it -> List.of(it.split("\\s+", -1)))
                .forEach(this::read);
    }

    private void read(List<String> line) {
        String owner = line.getFirst();
        String name = line.get(1);
        if (owner.equals(MOVED)) {
            moved.put(PropertyNames.uniform(name), line.get(2));
        } else {
            byOwner.computeIfAbsent(owner, _ -> new TreeSet<>()).add(name);
        }
    }

    static NameCatalogue read() {
        InputStream file = Objects.requireNonNull(NameCatalogue.class.getResourceAsStream(FILE), FILE);
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
            return new NameCatalogue(lines.lines());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Names of one owner. */
    Set<String> of(String owner) {
        return new TreeSet<>(byOwner.getOrDefault(owner, new TreeSet<>()));
    }

    /** Names of all owners. */
    Set<String> all() {
        TreeSet<String> all = new TreeSet<>();
        byOwner.values().forEach(all::addAll);
        return all;
    }

    /** Today's names of former ones, which are uniform. */
    Map<String, String> moved() {
        return Map.copyOf(moved);
    }
}
