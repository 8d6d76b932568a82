package io.tailrace.cli.runs;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tailrace approve RUN [APPROVAL]}. */
@Command(
        name = "approve",
        mixinStandardHelpOptions = true,
        description = "Allows a call of a tool that a run asks about.")
public final class ApproveCommand implements Callable<Integer> {

    @Mixin
    private GatewayOption gateway = new GatewayOption();

    @Parameters(index = "0", paramLabel = "RUN", description = "The run's id.")
    private String run = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "APPROVAL",
            description = "The question's id; not needed where only one is open.")
    private Optional<String> approval = Optional.empty();

    @Override
    public Integer call() throws IOException {
        try (GatewayClient client = gateway.client()) {
            return OpenApprovals.decide(client, run, approval, true, Optional.empty(), System.out);
        }
    }
}
