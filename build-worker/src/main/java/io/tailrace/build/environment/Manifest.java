package io.tailrace.build.environment;

import io.tailrace.events.build.BuildFact.InstalledPackage;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What an environment consisted of when it was published: each file's size, each link's target, and the digest of the files that it
 * cannot work without. Files that Python makes by itself ({@code __pycache__}) are left out. Text, a line for each; immutable.
 */
final class Manifest {

    private static final String BYTE_CODE = "__pycache__";
    private static final String NO_DIGEST = "-";

    private final List<String> lines;

    private Manifest(List<String> lines) {
        this.lines = List.copyOf(lines);
    }

    /** Looks at an environment's files. */
    static Manifest of(Path folder, StoredEnvironment facts) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(line("interpreter", facts.interpreterVersion()));
        lines.add(line("size", Long.toString(facts.sizeBytes())));
        facts.packages().forEach(it -> lines.add(line("package", it.name(), it.version())));
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
                return dir.endsWith(BYTE_CODE) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                String name = folder.relativize(file).toString();
                if (attributes.isSymbolicLink()) {
                    lines.add(line("link", name, Files.readSymbolicLink(file).toString()));
                } else if (attributes.isRegularFile()) {
                    String digest = isKey(name) ? digest(file) : NO_DIGEST;
                    lines.add(line("file", name, Long.toString(attributes.size()), digest));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return new Manifest(lines);
    }

    static Manifest parse(String text) {
        return new Manifest(text.lines().toList());
    }

    String text() {
        return String.join("\n", lines) + "\n";
    }

    /** Whether the folder still has all of it. */
    boolean describes(Path folder) throws IOException {
        for (String line : lines) {
            List<String> words = words(line);
            boolean same = switch (words.getFirst()) {
                case "link" -> isLink(folder.resolve(words.get(1)), words.get(2));
                case "file" -> isFile(folder.resolve(words.get(1)), Long.parseLong(words.get(2)), words.get(3));
                default -> true;
            };
            if (!same) {
                return false;
            }
        }
        return true;
    }

    StoredEnvironment facts() {
        String interpreter = "";
        long size = 0;
        List<InstalledPackage> packages = new ArrayList<>();
        for (String line : lines) {
            List<String> words = words(line);
            switch (words.getFirst()) {
                case "interpreter" -> interpreter = words.get(1);
                case "size" -> size = Long.parseLong(words.get(1));
                case "package" -> packages.add(new InstalledPackage(words.get(1), words.get(2)));
                default -> {}
            }
        }
        return new StoredEnvironment(interpreter, packages, size);
    }

    private static boolean isKey(String name) {
        return name.equals("pyvenv.cfg") || name.startsWith("bin/") || name.endsWith(".dist-info/RECORD");
    }

    private static boolean isLink(Path path, String target) throws IOException {
        return Files.isSymbolicLink(path)
                && Files.readSymbolicLink(path).toString().equals(target);
    }

    private static boolean isFile(Path path, long size, String digest) throws IOException {
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                && Files.size(path) == size
                && (digest.equals(NO_DIGEST) || digest.equals(digest(path)));
    }

    private static String digest(Path file) throws IOException {
        return HexFormat.of().formatHex(Fingerprint.sha256().digest(Files.readAllBytes(file)));
    }

    private static String line(String... words) {
        List<String> encoded = new ArrayList<>();
        for (String word : words) {
            encoded.add(URLEncoder.encode(word, StandardCharsets.UTF_8));
        }
        return String.join(" ", encoded);
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        for (String word : line.split(" ", -1)) {
            words.add(URLDecoder.decode(word, StandardCharsets.UTF_8));
        }
        return words;
    }
}
