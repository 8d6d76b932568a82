package io.tailrace.gateway.request;

import io.tailrace.events.plan.InvalidInput;
import io.tailrace.gateway.problem.RunProblem;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotSupportedException;

/** Reads bodies of requests, bounded and strictly. Immutable. */
public final class JsonBody {
    private static final TimelyBody BODY = new TimelyBody();

    private final int maxBytes;

    /** @param maxBytes how long a body may be */
    public JsonBody(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * The body's tree.
     *
     * @throws RunProblem {@code body_too_large}
     * @throws InvalidInput if it is no JSON
     * @throws HttpMediaTypeNotSupportedException if it does not say to be JSON
     */
    public @Nullable Object read(HttpServletRequest request)
            throws IOException, InvalidInput, HttpMediaTypeNotSupportedException {
        requireJson(request);
        return JsonTree.parse(BODY.readAll(request, maxBytes));
    }

    /**
     * The tree of a text that is a part of a body, such as a line.
     *
     * @throws InvalidInput if it is no JSON
     */
    public static @Nullable Object part(byte[] text) throws InvalidInput {
        return JsonTree.parse(text);
    }

    /** The body's tree; empty if the request has no body. Throws what {@link #read} throws. */
    public Optional<Object> readIfThere(HttpServletRequest request)
            throws IOException, InvalidInput, HttpMediaTypeNotSupportedException {
        byte[] bytes = BODY.readAll(request, maxBytes);
        if (bytes.length == 0) {
            return Optional.empty();
        }
        requireJson(request);
        return Optional.ofNullable(JsonTree.parse(bytes));
    }

    private static void requireJson(HttpServletRequest request) throws HttpMediaTypeNotSupportedException {
        String encoding = request.getHeader("Content-Encoding");
        if (!isJson(request.getContentType()) || (encoding != null && !encoding.equalsIgnoreCase("identity"))) {
            throw new HttpMediaTypeNotSupportedException((MediaType) null, List.of(MediaType.APPLICATION_JSON));
        }
    }

    /** Whether a request says that its body is JSON. */
    public static boolean isJson(HttpServletRequest request) {
        return isJson(request.getContentType());
    }

    private static boolean isJson(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        try {
            MediaType type = MediaType.parseMediaType(contentType);
            return type.equalsTypeAndSubtype(MediaType.APPLICATION_JSON)
                    && (type.getCharset() == null || type.getCharset().equals(StandardCharsets.UTF_8));
        } catch (InvalidMediaTypeException _) {
            return false;
        }
    }
}
