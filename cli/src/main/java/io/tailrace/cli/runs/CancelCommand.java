package io.tailrace.cli.runs;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tailrace cancel RUN}. */
@Command(name = "cancel", mixinStandardHelpOptions = true, description = "Asks for a run's cancellation.")
public final class CancelCommand implements Callable<Integer> {

    @Mixin
    private GatewayOption gateway = new GatewayOption();

    @Parameters(paramLabel = "RUN", description = "The run's id.")
    private String run = "";

    @Override
    public Integer call() throws IOException {
        try (GatewayClient client = gateway.client()) {
            String status = client.cancel(run).path("status").asText("canceling");
            System.out.println("run " + run + ": " + status);
            return 0;
        }
    }
}
