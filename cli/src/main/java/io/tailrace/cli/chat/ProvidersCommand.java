package io.tailrace.cli.chat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.cli.display.ProvidersTable;
import io.tailrace.cli.runs.GatewayClient;
import io.tailrace.cli.runs.GatewayOption;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tailrace providers}. */
@Command(
        name = "providers",
        mixinStandardHelpOptions = true,
        description = "Lists who can answer turns: providers, their models, and which variable is missing where one"
                + " cannot be called.")
public final class ProvidersCommand implements Callable<Integer> {
    @Mixin
    private GatewayOption gateway = new GatewayOption();

    @Option(names = "--json", description = "The gateway's answer as it is.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        try (GatewayClient client = gateway.client()) {
            JsonNode answer = client.providers();
            if (json) {
                System.out.println(answer.toPrettyString());
            } else {
                ProvidersTable.of(answer).forEach(System.out::println);
            }
            return 0;
        }
    }
}
