package io.tailrace.knowledge.text;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page's characters: by its byte order mark, as UTF-8, or by the {@code charset} that its first kilobyte names. */
final class HtmlSource {
    private static final int LOOKED_AT = 1024;
    private static final Pattern CHARSET =
            Pattern.compile("charset\\s*=\\s*[\"']?([A-Za-z0-9_.:-]{1,40})", Pattern.CASE_INSENSITIVE);

    private HtmlSource() {}

    static Optional<String> decode(byte[] bytes) {
        Optional<String> unicode = CleanText.decode(bytes);
        if (unicode.isPresent()) {
            return unicode;
        }
        String beginning = new String(bytes, 0, Math.min(bytes.length, LOOKED_AT), StandardCharsets.ISO_8859_1);
        Matcher named = CHARSET.matcher(beginning);
        if (!named.find()) {
            return Optional.empty();
        }
        try {
            String text = new String(bytes, Charset.forName(named.group(1)));
            return text.indexOf('\0') >= 0 ? Optional.empty() : Optional.of(CleanText.of(text));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException _) {
            return Optional.empty();
        }
    }
}
