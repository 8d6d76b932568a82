package io.tailrace.cli.stack;

import picocli.CommandLine.Command;

/** {@code tailrace services}. */
@Command(
        name = "services",
        mixinStandardHelpOptions = true,
        description = "Looks at single processes of this machine.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = LogsCommand.class)
public final class ServicesCommand {}
