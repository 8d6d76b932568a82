package io.tailrace.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A switch that tells the members of a sealed type apart has no {@code default}, in any module: a new member is then a
 * compile error everywhere it means something. Neither the compiler nor Error Prone says so; this reads the sources.
 */
class SealedSwitchesTest {
    private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern NOT_CODE = Pattern.compile(
            "//[^\n]*|/\\*.*?\\*/|\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\n])*\"|'(?:\\\\.|[^'\\\\])'", Pattern.DOTALL);
    private static final Pattern SEALED = Pattern.compile("\\bsealed interface (\\w+)");
    private static final Pattern RECORD = Pattern.compile("\\brecord (\\w+)[(<]");
    private static final Pattern SWITCH = Pattern.compile("\\bswitch \\(");
    private static final Pattern TYPE_PATTERN = Pattern.compile(
            "(?:\\bcase|,)\\s+(?:(\\w+)\\.)*?(\\w+)(?:\\.(\\w+))?(?:<[^>]*>)?(?:\\s+[a-z_]\\w*\\b|\\()");

    @Test
    void noSwitchOverASealedTypeHasADefault() throws IOException {
        Map<Path, String> sources = sources();
        Set<String> members = members(sources.values());
        assertThat(members).contains("RunFact", "ConsoleLines", "StageRequested", "CreateRun");

        List<String> found = new ArrayList<>();
        sources.forEach((path, code) -> switches(code).stream()
                .filter(labels -> labels.contains("default"))
                .filter(labels -> tellsApart(labels, members))
                .forEach(labels -> found.add(REPOSITORY.relativize(path) + ": " + labels)));

        assertThat(found).isEmpty();
    }

    @Test
    void suchASwitchIsFound() {
        List<String> labels = switches("""
                return switch (fact) {
                    case BuildFact.ConsoleLines window -> { yield 1; }
                    case ConsoleLines(String a) -> 2;
                    default -> { yield 3; }
                };
                """);

        assertThat(labels).singleElement().satisfies(it -> {
            assertThat(it).contains("default");
            assertThat(tellsApart(it, Set.of("ConsoleLines"))).isTrue();
            assertThat(tellsApart(it, Set.of("Other"))).isFalse();
        });
    }

    private static boolean tellsApart(String labels, Set<String> members) {
        Matcher pattern = TYPE_PATTERN.matcher(labels);
        while (pattern.find()) {
            if (members.contains(pattern.group(2))
                    || (pattern.group(3) != null && members.contains(pattern.group(3)))) {
                return true;
            }
        }
        return false;
    }

    private static Map<Path, String> sources() throws IOException {
        Map<Path, String> sources = new TreeMap<>();
        try (Stream<Path> modules = Files.list(REPOSITORY)) {
            for (Path main : modules.map(it -> it.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> files = Files.walk(main)) {
                    for (Path file :
                            files.filter(it -> it.toString().endsWith(".java")).toList()) {
                        sources.put(
                                file, NOT_CODE.matcher(Files.readString(file)).replaceAll("\"\""));
                    }
                }
            }
        }
        return sources;
    }

    /** The sealed types, and the records that are declared in a file with one. */
    private static Set<String> members(Iterable<String> sources) {
        Set<String> names = new HashSet<>();
        for (String code : sources) {
            Matcher sealed = SEALED.matcher(code);
            if (sealed.find()) {
                names.add(sealed.group(1));
                sealed.results().forEach(it -> names.add(it.group(1)));
                RECORD.matcher(code).results().forEach(it -> names.add(it.group(1)));
            }
        }
        return names;
    }

    /** The labels of each switch, without what is in its cases. */
    private static List<String> switches(String code) {
        List<String> found = new ArrayList<>();
        Matcher begin = SWITCH.matcher(code);
        while (begin.find()) {
            int open = code.indexOf('{', begin.end());
            StringBuilder labels = new StringBuilder();
            int depth = 0;
            for (int i = open; i >= 0 && i < code.length(); i++) {
                char at = code.charAt(i);
                if (at == '{') {
                    depth++;
                } else if (at == '}') {
                    depth--;
                    if (depth == 0) {
                        break;
                    }
                } else if (depth == 1) {
                    labels.append(at);
                }
            }
            found.add(labels.toString()
                    .strip()
                    .replaceAll("->[^;]*?(?:;|(?=\\bcase\\b|\\bdefault\\b|$))", "->")
                    .replaceAll("\\s+", " "));
        }
        return found;
    }
}
