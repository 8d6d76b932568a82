package io.tailrace.gateway.settings;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The names of this process's own properties, and which of the names that an operator has set are none of them.
 * Compared without dots, dashes, underscores and case, so that environment variables are checked like all others.
 */
final class PropertyNames {
    private static final Pattern INDEX = Pattern.compile("(\\[[0-9]+]|_[0-9]+)$");
    private static final Pattern CAPITAL = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

    private final Set<String> prefixes;
    private final Set<String> known = new TreeSet<>();
    private final Set<String> uniform = new TreeSet<>();

    /** @param prefixes below which every name must be known */
    PropertyNames(Set<String> prefixes) {
        this.prefixes = Set.copyOf(prefixes);
    }

    /** Makes the components of a settings record known. */
    void add(String prefix, Class<?> settings) {
        for (RecordComponent component : settings.getRecordComponents()) {
            String name = prefix + "."
                    + CAPITAL.matcher(component.getName()).replaceAll("-").toLowerCase(Locale.ROOT);
            if (component.getType().isRecord()) {
                add(name, component.getType());
            } else {
                known.add(name);
                uniform.add(uniform(name));
            }
        }
    }

    /** Which of these names lie below our prefixes and are not known. */
    Set<String> unknownAmong(Collection<String> names) {
        Set<String> unknown = new TreeSet<>();
        for (String name : names) {
            String plain = uniform(INDEX.matcher(name).replaceFirst(""));
            boolean ours = prefixes.stream().anyMatch(it -> isBelow(plain, uniform(it)));
            if (ours && !uniform.contains(plain) && !uniform.contains(uniform(name))) {
                unknown.add(name);
            }
        }
        return unknown;
    }

    /** All known names. */
    Set<String> known() {
        return Set.copyOf(known);
    }

    private static boolean isBelow(String name, String prefix) {
        return name.startsWith(prefix) && name.length() > prefix.length();
    }

    private static String uniform(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[._-]", "");
    }
}
