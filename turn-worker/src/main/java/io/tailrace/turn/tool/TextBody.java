package io.tailrace.turn.tool;

import io.tailrace.events.text.Excerpt;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;

/**
 * The body of an answer as text, or its beginning.
 *
 * @param bytes how long the whole is, decompressed, as far as that is known
 */
record TextBody(String text, long bytes) {
    /** Of a header, in characters. */
    private static final int SHOWN = 100;

    private static final Pattern CHARSET =
            Pattern.compile("charset\\s*=\\s*\"?([A-Za-z0-9_.:-]{1,40})", Pattern.CASE_INSENSITIVE);
    private static final Set<String> TEXTS = Set.of(
            "application/json",
            "application/xml",
            "application/javascript",
            "application/ecmascript",
            "application/x-ndjson",
            "application/ndjson",
            "application/yaml",
            "application/x-yaml",
            "application/toml",
            "application/sql",
            "application/x-www-form-urlencoded");

    /** A body that is no text, with what it is. */
    static final class NotText extends IOException {
        private static final long serialVersionUID = 1L;

        NotText(String what) {
            super(what);
        }
    }

    /**
     * Reads no more than it needs.
     *
     * @param maxBytes of the decompressed body
     */
    static TextBody read(ClassicHttpResponse response, int maxBytes) throws IOException {
        HttpEntity entity = response.getEntity();
        if (entity == null) {
            return new TextBody("", 0);
        }
        String type = header(response, "Content-Type").orElse("").strip();
        String encoding =
                header(response, "Content-Encoding").orElse("").strip().toLowerCase(Locale.ROOT);
        OptionalLong told = entity.getContentLength() >= 0 ? OptionalLong.of(entity.getContentLength()) : none();
        if (!type.isEmpty() && !isText(mediaType(type))) {
            throw notText(mediaType(type), told);
        }
        boolean plain = encoding.isEmpty() || encoding.equals("identity");
        if (!plain && !encoding.equals("gzip") && !encoding.equals("x-gzip")) {
            throw new NotText(
                    "The body has the content encoding " + Excerpt.of(encoding, SHOWN) + ", which is not understood.");
        }
        InputStream content = plain ? entity.getContent() : new GZIPInputStream(entity.getContent());
        byte[] read = content.readNBytes(maxBytes + 1);
        int kept = Math.min(read.length, maxBytes);
        String text = new String(read, 0, kept, charset(type));
        if (text.indexOf('\0') >= 0) {
            throw notText(type.isEmpty() ? "of unknown type" : mediaType(type), told);
        }
        long whole = plain ? Math.max(read.length, told.orElse(0)) : read.length;
        return new TextBody(text.startsWith("\uFEFF") ? text.substring(1) : text, whole);
    }

    private static OptionalLong none() {
        return OptionalLong.empty();
    }

    private static NotText notText(String type, OptionalLong bytes) {
        return new NotText("The body is no text but " + Excerpt.of(type, SHOWN)
                + (bytes.isPresent() ? ", " + bytes.getAsLong() + " bytes." : "."));
    }

    private static Optional<String> header(ClassicHttpResponse response, String name) {
        return Optional.ofNullable(response.getFirstHeader(name)).map(Header::getValue);
    }

    private static String mediaType(String contentType) {
        int end = contentType.indexOf(';');
        return (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    private static boolean isText(String mediaType) {
        return mediaType.startsWith("text/")
                || TEXTS.contains(mediaType)
                || mediaType.endsWith("+json")
                || mediaType.endsWith("+xml");
    }

    /** What is unknown is read as UTF-8: it is most likely that, and damage is visible. */
    private static Charset charset(String contentType) {
        Matcher named = CHARSET.matcher(contentType);
        if (!named.find()) {
            return StandardCharsets.UTF_8;
        }
        try {
            return Charset.forName(named.group(1));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException _) {
            return StandardCharsets.UTF_8;
        }
    }
}
