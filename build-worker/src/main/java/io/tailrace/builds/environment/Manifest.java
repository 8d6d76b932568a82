package io.tailrace.builds.environment;

import io.tailrace.events.stage.BuildFact.InstalledPackage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What an environment consisted of when it was published, in a file beside it: each file's size, each link's target, and the digest of the
 * files that it cannot work without. A line for each, what is known of the environment first. It is as long as the environment has files,
 * so it is never in memory as a whole. Immutable.
 */
final class Manifest {

    /** As much as {@link ManifestWriter} writes. */
    static final long MAX_BYTES = 256L * 1024 * 1024;

    static final String NO_DIGEST = "-";
    static final String INTERPRETER = "interpreter";
    static final String SIZE = "size";
    static final String PACKAGE = "package";
    static final String LINK = "link";
    static final String FILE = "file";

    /** The first two lines are shorter. */
    private static final int HEAD_BYTES = 32 * 1024;

    private final Path file;

    /** The manifest in this file, which may be missing or damaged. */
    Manifest(Path file) {
        this.file = file;
    }

    /** Whether it is what was written. */
    boolean hasDigest(String digest) throws IOException {
        return Files.size(file) <= MAX_BYTES && Fingerprint.digest(file).equals(digest);
    }

    /** What is known of the environment. To be asked when {@link #hasDigest} was true: nothing else bounds a line's length. */
    StoredEnvironment facts() throws IOException {
        String interpreter = "";
        long size = 0;
        List<InstalledPackage> packages = new ArrayList<>();
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                List<String> words = words(line);
                switch (words.getFirst()) {
                    case INTERPRETER -> interpreter = words.get(1);
                    case SIZE -> size = Long.parseLong(words.get(1));
                    case PACKAGE -> packages.add(new InstalledPackage(words.get(1), words.get(2)));
                    default -> {
                        return new StoredEnvironment(interpreter, packages, size);
                    }
                }
            }
        }
        return new StoredEnvironment(interpreter, packages, size);
    }

    /** The environment's size, of the beginning alone; 0 where that does not have it. */
    long sizeBytes() throws IOException {
        String head;
        try (InputStream in = Files.newInputStream(file)) {
            head = new String(in.readNBytes(HEAD_BYTES), StandardCharsets.UTF_8);
        }
        return head.lines()
                .limit(2)
                .map(Manifest::words)
                .filter(words -> words.getFirst().equals(SIZE))
                .mapToLong(words -> Long.parseLong(words.get(1)))
                .findFirst()
                .orElse(0);
    }

    /** Whether the folder still has all of it. To be asked when {@link #hasDigest} was true. */
    boolean describes(Path folder) throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                List<String> words = words(line);
                boolean same = switch (words.getFirst()) {
                    case LINK -> isLink(folder.resolve(words.get(1)), words.get(2));
                    case FILE -> isFile(folder.resolve(words.get(1)), Long.parseLong(words.get(2)), words.get(3));
                    default -> true;
                };
                if (!same) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isLink(Path path, String target) throws IOException {
        return Files.isSymbolicLink(path)
                && Files.readSymbolicLink(path).toString().equals(target);
    }

    private static boolean isFile(Path path, long size, String digest) throws IOException {
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                && Files.size(path) == size
                && (digest.equals(NO_DIGEST) || digest.equals(Fingerprint.digest(path)));
    }

    static String line(String... words) {
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
