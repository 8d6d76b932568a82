package io.tailrace.gateway.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * A file of the page, in memory, with the headers that it always goes out with. Browsers ask every time and get 304: a
 * new release is never half an old one. Immutable.
 */
final class PageFile {
    /**
     * Nothing but the page's own files and the API is loaded, no script but those files runs, and no text ever becomes
     * markup: {@code require-trusted-types-for} without a policy turns every such way off.
     */
    static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                    + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none';"
                    + " require-trusted-types-for 'script'; trusted-types 'none'";

    private final byte[] bytes;
    private final MediaType type;
    private final String etag;

    private PageFile(byte[] bytes, MediaType type) {
        this.bytes = bytes;
        this.type = type;
        this.etag = '"' + digest(bytes) + '"';
    }

    /** @throws IllegalStateException if there is no such file */
    static PageFile of(String name) {
        try (InputStream in = PageFile.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + name);
            }
            return new PageFile(in.readAllBytes(), type(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ServerResponse answer(ServerRequest request) {
        return request.checkNotModified(etag)
                .orElseGet(() -> ServerResponse.ok()
                        .contentType(type)
                        .eTag(etag)
                        .cacheControl(CacheControl.noCache())
                        .header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
                        .header("X-Content-Type-Options", "nosniff")
                        .header("Referrer-Policy", "same-origin")
                        .header("Cross-Origin-Opener-Policy", "same-origin")
                        .body(bytes));
    }

    private static MediaType type(String name) {
        return MediaType.parseMediaType(
                switch (name.substring(name.lastIndexOf('.') + 1)) {
                    case "html" -> "text/html;charset=utf-8";
                    case "css" -> "text/css;charset=utf-8";
                    case "js" -> "text/javascript;charset=utf-8";
                    case "svg" -> "image/svg+xml";
                    default -> throw new IllegalArgumentException("no media type for " + name);
                });
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
