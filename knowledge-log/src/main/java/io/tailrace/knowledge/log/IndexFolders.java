package io.tailrace.knowledge.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The folders of indexes below one root; others there are not touched. */
final class IndexFolders {
    private static final Pattern OURS = Pattern.compile("[0-9a-f]{32}");

    private IndexFolders() {}

    /** Removes the indexes that have none of these names. */
    static void keepOnly(Path root, Set<String> names) throws IOException {
        if (!Files.isDirectory(root)) {
            return;
        }
        List<Path> others;
        try (Stream<Path> all = Files.list(root)) {
            others = all.filter(it -> {
                        String name = String.valueOf(it.getFileName());
                        return OURS.matcher(name).matches() && !names.contains(name);
                    })
                    .toList();
        }
        for (Path other : others) {
            delete(other);
        }
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> files = Files.walk(folder)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.deleteIfExists(file);
        }
    }
}
