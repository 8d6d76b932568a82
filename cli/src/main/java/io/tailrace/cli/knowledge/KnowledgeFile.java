package io.tailrace.cli.knowledge;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A file as a document. Its id is its path as it was given: without {@code .} and {@code ..}, and with {@code -} for what
 * no id has.
 */
record KnowledgeFile(Path path, String documentId, String mediaType) {

    /** @throws IllegalArgumentException if there is no such file */
    static KnowledgeFile of(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new IllegalArgumentException("There is no file " + path);
        }
        return new KnowledgeFile(path, documentId(path), mediaType(path));
    }

    static String documentId(Path path) {
        List<String> parts = new ArrayList<>();
        for (Path part : path.normalize()) {
            String name = part.toString().replaceAll("[^A-Za-z0-9._-]", "-").replaceFirst("^[.]+", "");
            if (!name.isEmpty()) {
                parts.add(name);
            }
        }
        return String.join("/", parts);
    }

    static String mediaType(Path path) {
        String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "md", "markdown" -> "text/markdown";
            case "html", "htm" -> "text/html";
            case "pdf" -> "application/pdf";
            default -> "text/plain";
        };
    }
}
