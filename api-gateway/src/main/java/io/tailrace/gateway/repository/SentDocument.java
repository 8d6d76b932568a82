package io.tailrace.gateway.repository;

import io.tailrace.knowledge.text.DocumentFormat;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** A document as a client sent it. Takes over its bytes, which nobody changes. */
final class SentDocument {
    private final String id;
    private final Optional<String> title;
    private final DocumentFormat format;
    private final byte[] bytes;

    /** @param title as it was sent; without one the document's first heading is its title, or its id */
    SentDocument(String id, Optional<String> title, DocumentFormat format, byte[] bytes) {
        this.id = id;
        this.title = title;
        this.format = format;
        this.bytes = bytes;
    }

    String id() {
        return id;
    }

    Optional<String> title() {
        return title;
    }

    DocumentFormat format() {
        return format;
    }

    byte[] bytes() {
        return bytes;
    }

    /** The same for what is the same to us: bytes, format and title. */
    String digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((format.mediaType() + '\0' + title.orElse("") + '\0').getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
