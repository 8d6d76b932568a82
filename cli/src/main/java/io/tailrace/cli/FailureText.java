package io.tailrace.cli;

import io.tailrace.cli.runs.GatewayFailure;
import io.tailrace.cli.sse.StreamRefused;
import io.tailrace.local.broker.BrokerStartException;
import io.tailrace.local.stack.StackStartException;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** What a person is told when a command fails: a sentence for what can happen to anybody, a stack trace for our mistakes. */
final class FailureText implements IExecutionExceptionHandler {

    static final int EXIT_FAILED = 3;

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) throws Exception {
        switch (failure) {
            case StackStartException known -> say(command, known);
            case BrokerStartException known -> say(command, known);
            case GatewayFailure known -> say(command, known);
            case StreamRefused refused -> say(command, GatewayFailure.of(refused));
            case IllegalArgumentException wrongOption -> {
                say(command, wrongOption);
                return command.getCommandSpec().exitCodeOnInvalidInput();
            }
            case IOException io -> command.getErr().println("tailrace: " + io);
            default -> throw failure;
        }
        return EXIT_FAILED;
    }

    private static void say(CommandLine command, Exception failure) {
        command.getErr().println("tailrace: " + failure.getMessage());
    }
}
