package io.tailrace.local.process;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What a child process gets of its parent's environment. A shell's environment holds secrets of everything that a person
 * works with, so a child gets what it needs by name, and nothing else. Stateless.
 */
public final class InheritedEnvironment {

    private static final Set<String> BASIC = Set.of(
            "PATH",
            "HOME",
            "USER",
            "LOGNAME",
            "LANG",
            "LANGUAGE",
            "TZ",
            "TMPDIR",
            "LD_LIBRARY_PATH",
            "LD_PRELOAD",
            "GLIBC_TUNABLES",
            "JAVA_TOOL_OPTIONS",
            "JDK_JAVA_OPTIONS");
    private static final List<String> PREFIXES = List.of("LC_", "MALLOC_");

    private InheritedEnvironment() {}

    /** What every program may need to run at all: where programs lie, who runs it, its locale, and options of its C library and its JVM. */
    public static Map<String, String> basic(Map<String, String> parent) {
        return with(parent, name -> false);
    }

    /** The basic ones, and those with these names. */
    public static Map<String, String> with(Map<String, String> parent, Predicate<String> needed) {
        return parent.entrySet().stream()
                .filter(variable -> isBasic(variable.getKey()) || needed.test(variable.getKey()))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static boolean isBasic(String name) {
        return BASIC.contains(name) || PREFIXES.stream().anyMatch(name::startsWith);
    }
}
