package io.tailrace.local.stack;

import io.tailrace.local.broker.BrokerSettings;
import io.tailrace.local.broker.EmbeddedBroker;
import io.tailrace.local.broker.EmbeddedCluster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A stack whose supervisor died, in the hands of another one: its processes go on, what has ended is started again. */
final class TakeOver {

    private TakeOver() {}

    /**
     * Whether processes run on the folder without the supervisor that they had.
     *
     * @throws StackStartException when they were started with other options: one could not be started again as it was
     */
    static boolean isCalledFor(StackOptions options, StackFolder folder) throws IOException {
        SupervisorRecord supervisor = folder.supervisor();
        if (!supervisor.exists()
                || supervisor.running().isPresent()
                || folder.running().isEmpty()
                || folder.read().isEmpty()) {
            return false;
        }
        String before = supervisor.optionsText().orElse("");
        if (!before.equals(options.commandLine())) {
            throw new StackStartException("The supervisor of the stack on " + folder.path()
                    + " is gone, its processes run on. To take them over give the same options: " + before
                    + ". Or end them first with 'tailrace down'");
        }
        return true;
    }

    /** All processes that the options ask for, brokers first; those that have ended too. */
    static List<StackMember> members(
            StackOptions options,
            StackFolder folder,
            StackRecord last,
            ServiceLauncher launcher,
            BrokerSettings brokerSettings)
            throws IOException {
        List<StackMember> members = new ArrayList<>();
        if (options.bootstrapServers().isEmpty()) {
            for (EmbeddedBroker broker : EmbeddedCluster.attach(folder.kafka(), options.brokers(), brokerSettings)
                    .brokers()) {
                members.add(new BrokerMember(broker));
            }
        }
        for (String name : options.services()) {
            Integer port = last.ports().get(name);
            if (port == null) {
                throw new StackStartException("The stack on " + folder.path() + " does not tell the port of " + name
                        + ". End it with 'tailrace down', and start it anew");
            }
            members.add(launcher.attach(name, port, last.bootstrapServers()));
        }
        return members;
    }
}
