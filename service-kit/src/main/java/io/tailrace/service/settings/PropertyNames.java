package io.tailrace.service.settings;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of properties. Compared without dots, dashes, underscores and case, so that environment variables are compared
 * like all others. The name of a list ends in {@code []}, and it alone has elements with a number. Not thread-safe.
 */
final class PropertyNames {
    private static final Pattern INDEX = Pattern.compile("(\\[[0-9]+]|_[0-9]+)$");
    private static final Pattern CAPITAL = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

    private static final String LIST = "[]";

    private final TreeMap<String, String> byUniformName = new TreeMap<>();
    private final TreeSet<String> lists = new TreeSet<>();

    /** Adds the components of a settings record, and of the records in it. */
    void add(String prefix, Class<?> settings) {
        for (RecordComponent component : settings.getRecordComponents()) {
            String name = prefix + "."
                    + CAPITAL.matcher(component.getName()).replaceAll("-").toLowerCase(Locale.ROOT);
            Class<?> type = component.getType();
            if (type.isRecord()) {
                add(name, type);
            } else {
                add(Collection.class.isAssignableFrom(type) || type.isArray() ? name + LIST : name);
            }
        }
    }

    /** Adds a name with its dots and dashes, and its mark if it is a list's. */
    void add(String name) {
        String plain = name.endsWith(LIST) ? name.substring(0, name.length() - LIST.length()) : name;
        byUniformName.put(uniform(plain), plain);
        if (name.endsWith(LIST)) {
            lists.add(uniform(plain));
        }
    }

    void addAll(Collection<String> names) {
        names.forEach(this::add);
    }

    /** Whether this is one of them, or an element of one that is a list. */
    boolean has(String name) {
        Matcher index = INDEX.matcher(name);
        return byUniformName.containsKey(uniform(name))
                || (index.find() && lists.contains(uniform(name.substring(0, index.start()))));
    }

    /** The name that differs least from this one, if it is about the same. */
    Optional<String> nearest(String name) {
        String wanted = uniform(INDEX.matcher(name).replaceFirst(""));
        int least = Math.max(2, wanted.length() / 4) + 1;
        String nearest = null;
        for (String candidate : byUniformName.keySet()) {
            int distance = distance(wanted, candidate);
            if (distance < least) {
                least = distance;
                nearest = byUniformName.get(candidate);
            }
        }
        return Optional.ofNullable(nearest);
    }

    /** As they are written in files, lists with their mark; in order. */
    Set<String> all() {
        TreeSet<String> all = new TreeSet<>();
        byUniformName.forEach((uniform, name) -> all.add(lists.contains(uniform) ? name + LIST : name));
        return all;
    }

    /** How the name is written as an environment variable. */
    static String variable(String name) {
        return name.replaceAll("[.-]", "_").toUpperCase(Locale.ROOT);
    }

    static String uniform(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[._-]", "");
    }

    /** How many letters have to be put in, left out or replaced (Levenshtein). */
    private static int distance(String from, String to) {
        int[] before = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            before[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int[] now = new int[to.length() + 1];
            now[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = before[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                now[j] = Math.min(replaced, Math.min(before[j], now[j - 1]) + 1);
            }
            before = now;
        }
        return before[to.length()];
    }
}
