package io.tailrace.knowledge.text;

import java.util.Locale;
import java.util.Optional;

/** The formats that text is taken from. The media types are part of what clients send. */
public enum DocumentFormat {
    PLAIN("text/plain"),
    MARKDOWN("text/markdown"),
    HTML("text/html"),
    PDF("application/pdf");

    private final String mediaType;

    DocumentFormat(String mediaType) {
        this.mediaType = mediaType;
    }

    public String mediaType() {
        return mediaType;
    }

    /** The format of a media type. Parameters ({@code ; charset=…}) and letter case do not matter. */
    public static Optional<DocumentFormat> ofMediaType(String mediaType) {
        int parameters = mediaType.indexOf(';');
        String essence = (parameters < 0 ? mediaType : mediaType.substring(0, parameters))
                .strip()
                .toLowerCase(Locale.ROOT);
        for (DocumentFormat format : values()) {
            if (format.mediaType.equals(essence)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }
}
