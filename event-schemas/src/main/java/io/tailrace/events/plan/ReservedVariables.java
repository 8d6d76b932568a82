package io.tailrace.events.plan;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Variables that no result of a step becomes, in whatever case. */
final class ReservedVariables {
    /** What a build-worker sets, and by what a system or an interpreter chooses the programs and libraries that run. */
    private static final Set<String> NAMES = Set.of(
            "PATH",
            "HOME",
            "TMPDIR",
            "LANG",
            "TZ",
            "SHELL",
            "IFS",
            "ENV",
            "BASH_ENV",
            "PROMPT_COMMAND",
            "GLIBC_TUNABLES",
            "GCONV_PATH",
            "LOCPATH",
            "NODE_OPTIONS",
            "RUBYOPT",
            "PERL5OPT",
            "JAVA_TOOL_OPTIONS",
            "JDK_JAVA_OPTIONS",
            "MAKEFLAGS",
            "CLASSPATH");

    private static final List<String> PREFIXES =
            List.of("LD_", "LC_", "DYLD_", "GIT_", "PYTHON", "PERL5", "BASH_FUNC", "TAILRACE_");

    private ReservedVariables() {}

    static boolean contain(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return NAMES.contains(upper) || PREFIXES.stream().anyMatch(upper::startsWith);
    }
}
