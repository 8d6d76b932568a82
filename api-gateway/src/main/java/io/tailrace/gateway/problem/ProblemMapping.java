package io.tailrace.gateway.problem;

import io.tailrace.events.plan.InvalidInput;
import java.io.EOFException;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConversionException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.context.request.async.AsyncRequestTimeoutException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** The one place that decides what a client is told of a failure. Immutable, thread-safe. */
final class ProblemMapping {
    /** The code of what is our own fault. */
    static final String INTERNAL_ERROR = "internal_error";

    private static final Logger LOG = LoggerFactory.getLogger(ProblemMapping.class);

    private final Supplier<UUID> incidentIds;

    ProblemMapping(Supplier<UUID> incidentIds) {
        this.incidentIds = incidentIds;
    }

    /** What the client is told of this failure. Whatever nobody foresaw is logged here with its stack trace. */
    RunProblem of(Throwable failure) {
        return switch (failure) {
            case RunProblem problem -> {
                Throwable cause = problem.getCause();
                if (cause != null) {
                    LOG.warn("A request was answered {}: {}", problem.code(), cause.toString());
                }
                yield problem;
            }
            case InvalidInput input -> RunProblem.invalidInput(input);
            case NoHandlerFoundException _, NoResourceFoundException _ -> ofStatus(404);
            case HttpRequestMethodNotSupportedException _ -> ofStatus(405);
            case HttpMediaTypeNotAcceptableException e -> notAcceptable(e.getSupportedMediaTypes());
            case HttpMediaTypeNotSupportedException e -> unsupportedMediaType(e.getSupportedMediaTypes());
            // Routes that are not ours (health, metrics) read bodies in Spring's way.
            case HttpMessageConversionException _ -> ofStatus(400);
            case MissingServletRequestParameterException e ->
                RunProblem.http(
                        400,
                        "missing_parameter",
                        "The request is not valid",
                        e.getParameterName(),
                        "The parameter is required.");
            case TypeMismatchException e -> typeMismatch(e);
            case AsyncRequestTimeoutException _ -> ofStatus(503);
            case InterruptedException _ -> {
                // The server is stopping.
                Thread.currentThread().interrupt();
                yield ofStatus(503);
            }
            case HttpException jetty -> ofStatus(jetty.getCode());
            // The client has gone, or stands still, in the middle of its request.
            case EOFException _ -> ofStatus(400);
            case IOException unfinished when unfinished.getCause() instanceof TimeoutException -> ofStatus(408);
            case ErrorResponse spring -> ofStatus(spring.getStatusCode().value());
            default -> unforeseen(failure);
        };
    }

    private RunProblem unforeseen(Throwable failure) {
        Optional<HttpException> http = httpCause(failure);
        if (http.isPresent()) {
            return ofStatus(http.get().getCode());
        }
        UUID incident = incidentIds.get();
        LOG.error("Incident {}: a request failed for a reason that nobody foresaw", incident, failure);
        return RunProblem.http(
                500,
                INTERNAL_ERROR,
                "Something went wrong here",
                "It was logged as incident " + incident + ". Trying again may or may not help.");
    }

    /** Jetty hides what is wrong with a request's query or body inside other exceptions. */
    private static Optional<HttpException> httpCause(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 8; depth++) {
            if (cause instanceof HttpException http) {
                return Optional.of(http);
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    private static RunProblem typeMismatch(TypeMismatchException e) {
        String name = e.getPropertyName() == null ? "" : e.getPropertyName();
        return RunProblem.http(400, "wrong_type", "The request is not valid", name, "The value has the wrong type.");
    }

    private static RunProblem notAcceptable(Collection<MediaType> supported) {
        return RunProblem.http(
                406,
                "not_acceptable",
                "Not available in this form",
                "Accept",
                supported.isEmpty()
                        ? "This resource has no form that the Accept header names."
                        : "Available are: " + names(supported) + ".");
    }

    private static RunProblem unsupportedMediaType(Collection<MediaType> supported) {
        return RunProblem.http(
                415,
                "unsupported_media_type",
                "The body's media type is not supported",
                "Content-Type",
                supported.isEmpty()
                        ? "Send the body as application/json."
                        : "Send the body as " + names(supported) + ".");
    }

    private static String names(Collection<MediaType> types) {
        return types.stream().map(MediaType::toString).sorted().distinct().collect(Collectors.joining(", "));
    }

    /** What is said where only the status is known: routes, methods, and what the server refuses before any route. */
    static RunProblem ofStatus(int status) {
        return switch (status) {
            case 400 ->
                RunProblem.http(
                        400,
                        "malformed_request",
                        "The request is malformed",
                        "Its request line, query, headers or body break the rules of HTTP or of URIs.");
            case 401 -> RunProblem.unauthenticated("Send credentials.");
            case 403 -> RunProblem.forbidden("This request is not allowed.");
            case 404 ->
                RunProblem.http(404, "no_such_route", "No such route", "There is nothing here; see /openapi.yaml.");
            case 405 ->
                RunProblem.http(
                        405, "method_not_allowed", "Method not allowed", "The Allow header lists what is possible.");
            case 406 -> notAcceptable(java.util.List.of());
            case 408 ->
                RunProblem.http(408, "request_timeout", "The request took too long", "It did not arrive in time.");
            case 413 -> RunProblem.http(413, "body_too_large", "The body is too large", "The body is over the limit.");
            case 414 -> RunProblem.http(414, "uri_too_long", "The URI is too long", "Send a shorter one.");
            case 415 -> unsupportedMediaType(java.util.List.of());
            case 431 ->
                RunProblem.http(
                        431, "headers_too_large", "The headers are too large", "Send fewer or shorter headers.");
            case 501 ->
                RunProblem.http(501, "not_implemented", "Not implemented", "The server does not know this method.");
            case 503 ->
                RunProblem.http(503, "unavailable", "Not available now", "The server cannot answer now. Try again.");
            case 505 -> RunProblem.http(505, "http_version", "HTTP version not supported", "Use HTTP/1.1.");
            default ->
                status >= 500
                        ? RunProblem.http(status, INTERNAL_ERROR, "Something went wrong here", "Try again later.")
                        : RunProblem.http(status, "refused", "The request was refused", "See the status code.");
        };
    }
}
