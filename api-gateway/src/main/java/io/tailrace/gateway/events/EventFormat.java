package io.tailrace.gateway.events;

import io.tailrace.gateway.problem.RunProblem;
import java.util.List;
import java.util.Optional;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.util.MimeTypeUtils;
import org.springframework.web.HttpMediaTypeNotAcceptableException;

/** How events are written. */
enum EventFormat {
    JSON("application/json"),
    NDJSON("application/x-ndjson");

    private final String type;

    EventFormat(String type) {
        this.type = type;
    }

    /** Its media type. */
    String type() {
        return type;
    }

    private MediaType mediaType() {
        return MediaType.parseMediaType(type);
    }

    /**
     * What a request asks for: by its {@code format} parameter, or else by its Accept header.
     *
     * @throws HttpMediaTypeNotAcceptableException if it accepts neither
     */
    static EventFormat of(Optional<String> parameter, Optional<String> accept)
            throws HttpMediaTypeNotAcceptableException {
        if (parameter.isPresent()) {
            return switch (parameter.get()) {
                case "json" -> JSON;
                case "ndjson" -> NDJSON;
                default -> throw RunProblem.invalid("invalid_value", "format", "Known: json, ndjson.");
            };
        }
        if (accept.isEmpty()) {
            return JSON;
        }
        try {
            List<MediaType> wanted = MediaType.parseMediaTypes(accept.get());
            MimeTypeUtils.sortBySpecificity(wanted);
            wanted.sort((one, other) -> Double.compare(other.getQualityValue(), one.getQualityValue()));
            for (MediaType type : wanted) {
                for (EventFormat format : values()) {
                    if (type.getQualityValue() > 0 && type.includes(format.mediaType())) {
                        return format;
                    }
                }
            }
        } catch (InvalidMediaTypeException _) {
            // As bad as none of ours.
        }
        throw new HttpMediaTypeNotAcceptableException(List.of(JSON.mediaType(), NDJSON.mediaType()));
    }
}
