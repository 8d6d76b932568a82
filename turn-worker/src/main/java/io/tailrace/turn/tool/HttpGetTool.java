package io.tailrace.turn.tool;

import io.tailrace.events.plan.Tool;
import io.tailrace.worker.attempt.StopSignal;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.routing.RoutingSupport;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.io.CloseMode;

/**
 * Fetches texts by HTTP GET, from hosts that both the tool's author and the operator allow, at addresses that are public.
 * Each redirect is checked as the first address is. Knows no cookies, no credentials and no proxy. Thread-safe.
 */
final class HttpGetTool implements AutoCloseable {
    private static final int MAX_REDIRECTS = 5;
    private static final int MAX_URL = 8 * 1024;
    private static final int MAX_CONNECTIONS = 1_000;
    private static final int CONNECT_SECONDS = 10;
    private static final int SILENCE_MINUTES = 6;

    /** A body may shrink as text, and what is cut off should be known to be. */
    private static final int MIN_READ = 64 * 1024;

    private static final int MAX_READ = 1024 * 1024;
    private static final int MAX_ERROR_BODY = 2 * 1024;
    private static final int FIRST_ERROR = 400;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final HostPatterns allowed;
    private final CloseableHttpClient client;

    HttpGetTool(ToolSettings settings, AddressLookup lookup) {
        this.allowed = HostPatterns.of(settings.httpHosts());
        this.client = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(new CheckedAddresses(lookup, HostPatterns.of(settings.httpPrivateHosts())))
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(CONNECT_SECONDS, TimeUnit.SECONDS)
                                .setSocketTimeout(SILENCE_MINUTES, TimeUnit.MINUTES)
                                .build())
                        .setMaxConnTotal(MAX_CONNECTIONS)
                        .setMaxConnPerRoute(MAX_CONNECTIONS)
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(CONNECT_SECONDS, TimeUnit.SECONDS)
                        .build())
                .setRoutePlanner(new DefaultRoutePlanner(null))
                .setConnectionReuseStrategy((_, _, _) -> false)
                .setUserAgent("tailrace")
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableAutomaticRetries()
                .disableContentCompression()
                .build();
    }

    /** Carries what a call ends with. */
    private static final class Ended extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient CallResult result;

        Ended(String code, String text) {
            super(text);
            this.result = CallResult.failed(code, text);
        }
    }

    /** Blocks until the answer is there; a stop closes the connection. */
    CallResult fetch(Tool.HttpGet tool, ToolRequest request, StopSignal stop) {
        HostPatterns own = HostPatterns.of(tool.hosts());
        try {
            URI at = checked(uri(request.argument()), own);
            for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
                HttpGet get = new HttpGet(at);
                get.setHeader(HttpHeaders.ACCEPT_ENCODING, "gzip");
                get.setHeader("Idempotency-Key", request.idempotencyKey());
                stop.whenStopped(get::cancel);
                ClassicHttpResponse response =
                        client.executeOpen(RoutingSupport.determineHost(get), get, HttpClientContext.create());
                try {
                    Optional<String> location = location(response);
                    if (location.isEmpty()) {
                        return answer(response, request.maxBytes());
                    }
                    at = checked(redirected(at, location.get()), own);
                } finally {
                    letGo(get, response);
                }
            }
            return CallResult.failed("too_many_redirects", "More than " + MAX_REDIRECTS + " redirects.");
        } catch (Ended e) {
            return e.result;
        } catch (TextBody.NotText e) {
            return CallResult.failed("not_text", String.valueOf(e.getMessage()));
        } catch (CheckedAddresses.NotPublic e) {
            return CallResult.failed(
                    "host_not_allowed",
                    "The host " + e.getMessage() + " has an address that is not public; it is not fetched from.");
        } catch (UnknownHostException e) {
            return CallResult.failed("unknown_host", "There is no host " + e.getMessage() + ".");
        } catch (InterruptedIOException e) {
            return CallResult.failed("timeout", "The host did not answer in time: " + e.getMessage());
        } catch (IOException | HttpException e) {
            return CallResult.failed("connection_failed", "The address could not be read: " + e.getMessage());
        }
    }

    /** Whoever closes an answer reads it to its end, unless the connection is gone. */
    private static void letGo(HttpGet get, ClassicHttpResponse response) {
        get.cancel();
        try {
            response.close();
        } catch (IOException _) {
            // The connection was closed before, as it was meant to be.
        }
    }

    private static URI uri(String text) throws Ended {
        if (text.length() > MAX_URL) {
            throw new Ended("invalid_arguments", "The address is longer than " + MAX_URL + " characters.");
        }
        try {
            return new URI(text.strip());
        } catch (URISyntaxException e) {
            throw new Ended("invalid_arguments", "\"url\" is no address: " + e.getReason() + ".");
        }
    }

    private static URI redirected(URI from, String location) throws Ended {
        try {
            return from.resolve(new URI(location.strip()));
        } catch (URISyntaxException e) {
            throw new Ended("bad_redirect", "The host redirects to what is no address: " + e.getReason() + ".");
        }
    }

    /** The address as it may be asked for: what is said of it here is all that is looked at again for its connection. */
    private URI checked(URI uri, HostPatterns own) throws Ended {
        String scheme = Optional.ofNullable(uri.getScheme()).orElse("").toLowerCase(Locale.ROOT);
        boolean secure = scheme.equals("https");
        if (!secure && !scheme.equals("http")) {
            throw new Ended("invalid_arguments", "Only http and https addresses can be fetched.");
        }
        if (uri.getHost() == null || uri.getRawUserInfo() != null) {
            throw new Ended("invalid_arguments", "The address must name a host, and no user or password.");
        }
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        int port = uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80;
        if (!own.allowAnyPort(host, port)) {
            throw new Ended("host_not_allowed", "This tool does not fetch from " + host + ":" + port + ".");
        }
        if (!allowed.allow(host, port)) {
            throw new Ended(
                    "host_not_allowed", "The operator does not allow tools to fetch from " + host + ":" + port + ".");
        }
        try {
            String path = Optional.ofNullable(uri.getRawPath())
                    .filter(it -> !it.isEmpty())
                    .orElse("/");
            String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
            return new URI(scheme + "://" + host + ":" + port + path + query);
        } catch (URISyntaxException e) {
            throw new Ended("invalid_arguments", "\"url\" is no address: " + e.getReason() + ".");
        }
    }

    private static Optional<String> location(ClassicHttpResponse response) {
        return REDIRECTS.contains(response.getCode())
                ? Optional.ofNullable(response.getFirstHeader(HttpHeaders.LOCATION))
                        .map(Header::getValue)
                : Optional.empty();
    }

    private static CallResult answer(ClassicHttpResponse response, int maxBytes) throws IOException {
        if (response.getCode() >= FIRST_ERROR) {
            return CallResult.failed(
                    "http_status", "The host answered with the status " + response.getCode() + ". " + error(response));
        }
        TextBody body = TextBody.read(response, Math.clamp(4L * maxBytes, MIN_READ, MAX_READ));
        return body.text().isEmpty()
                ? CallResult.succeeded("The answer has no text; its status is " + response.getCode() + ".")
                : CallResult.succeeded(body.text(), body.bytes());
    }

    private static String error(ClassicHttpResponse response) throws IOException {
        try {
            return TextBody.read(response, MAX_ERROR_BODY).text().strip();
        } catch (TextBody.NotText e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Lets go of everything at once. */
    @Override
    public void close() {
        client.close(CloseMode.IMMEDIATE);
    }
}
