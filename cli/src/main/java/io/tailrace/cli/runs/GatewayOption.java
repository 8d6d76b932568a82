package io.tailrace.cli.runs;

import io.tailrace.cli.stack.DataOption;
import io.tailrace.local.stack.StackStatus;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which gateway a command talks to. */
public final class GatewayOption {

    private static final URI USUAL = URI.create("http://127.0.0.1:8080");

    @Option(
            names = "--gateway",
            paramLabel = "URL",
            description = "Gateway to talk to (default: $TAILRACE_GATEWAY, else the one that runs on the data folder,"
                    + " else http://127.0.0.1:8080).")
    private Optional<String> gateway = Optional.empty();

    @Mixin
    private DataOption data = new DataOption();

    /** A client of the gateway that the options name. */
    public GatewayClient client() throws IOException {
        return new GatewayClient(address());
    }

    private URI address() throws IOException {
        Optional<String> named = gateway.or(() -> Optional.ofNullable(System.getenv("TAILRACE_GATEWAY")));
        if (named.isPresent()) {
            return checked(named.get());
        }
        List<URI> running = StackStatus.gateways(data.path());
        return running.isEmpty() ? USUAL : running.getFirst();
    }

    private static URI checked(String text) {
        URI uri = URI.create(text.matches("[a-z]+://.*") ? text : "http://" + text);
        if (uri.getHost() == null || !List.of("http", "https").contains(uri.getScheme())) {
            throw new IllegalArgumentException("--gateway must be an http or https address, not " + text);
        }
        return uri;
    }
}
