package io.tailrace.cli;

import io.tailrace.cli.assistants.AskCommand;
import io.tailrace.cli.assistants.AssistantsCommand;
import io.tailrace.cli.chat.ChatCommand;
import io.tailrace.cli.chat.ProvidersCommand;
import io.tailrace.cli.demo.DemoCommand;
import io.tailrace.cli.knowledge.KnowledgeCommand;
import io.tailrace.cli.runs.ApproveCommand;
import io.tailrace.cli.runs.CancelCommand;
import io.tailrace.cli.runs.DenyCommand;
import io.tailrace.cli.runs.RunCommand;
import io.tailrace.cli.runs.WatchCommand;
import io.tailrace.cli.stack.DownCommand;
import io.tailrace.cli.stack.FormatCommand;
import io.tailrace.cli.stack.PrepareCommand;
import io.tailrace.cli.stack.ServicesCommand;
import io.tailrace.cli.stack.StatusCommand;
import io.tailrace.cli.stack.TestCommand;
import io.tailrace.cli.stack.UpCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code tailrace} command. */
@Command(
        name = "tailrace",
        mixinStandardHelpOptions = true,
        version = "Tailrace 0.1.0",
        description = "Builds on scaled workers, watched through one durable, ordered, resumable stream.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            DemoCommand.class,
            RunCommand.class,
            WatchCommand.class,
            ChatCommand.class,
            ProvidersCommand.class,
            KnowledgeCommand.class,
            AssistantsCommand.class,
            AskCommand.class,
            ApproveCommand.class,
            DenyCommand.class,
            CancelCommand.class,
            ServicesCommand.class,
            TestCommand.class,
            FormatCommand.class,
            PrepareCommand.class
        })
public final class TailraceCli {

    private TailraceCli() {}

    public static void main(String[] args) {
        CommandLine commands = new CommandLine(new TailraceCli())
                .setUsageHelpAutoWidth(true)
                .setExecutionExceptionHandler(new FailureText());
        System.exit(commands.execute(args.length == 0 ? new String[] {"--help"} : args));
    }
}
