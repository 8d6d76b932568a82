package io.tailrace.local.stack;

import io.tailrace.local.process.ChildProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What runs on a data folder at this moment.
 *
 * @param members those of the last start, and whatever else still runs
 */
public record StackStatus(Path dataDir, String bootstrapServers, List<Member> members) {

    /** How a process is. */
    public enum State {
        READY,
        NOT_READY,
        ENDED
    }

    /**
     * One process.
     *
     * @param port 0 when not known
     * @param pid empty when it does not run
     */
    public record Member(String name, State state, int port, Optional<Long> pid, Path log) {}

    /** Asks the processes that are there; takes up to two seconds for one that does not answer. */
    public static StackStatus of(Path dataDir) throws IOException {
        StackFolder folder = new StackFolder(dataDir.toAbsolutePath().normalize());
        StackRecord last = folder.read().orElse(new StackRecord("", new java.util.TreeMap<>()));
        SortedMap<String, ChildProcess> running = folder.running();
        SortedSet<String> names = new TreeSet<>(MemberNames.ORDER);
        names.addAll(last.ports().keySet());
        names.addAll(running.keySet());
        List<Member> members = new ArrayList<>();
        for (String name : names) {
            int port = last.ports().getOrDefault(name, 0);
            Optional<ChildProcess> process = Optional.ofNullable(running.get(name));
            members.add(new Member(
                    name, state(name, port, process), port, process.map(ChildProcess::pid), folder.log(name)));
        }
        return new StackStatus(folder.path(), last.bootstrapServers(), members);
    }

    private static State state(String name, int port, Optional<ChildProcess> process) {
        if (process.isEmpty()) {
            return State.ENDED;
        }
        boolean ready = MemberNames.isBroker(name) || Readiness.of(port);
        return ready ? State.READY : State.NOT_READY;
    }

    public boolean isRunning() {
        return members.stream().anyMatch(member -> member.state() != State.ENDED);
    }

    /** The gateways that run, first one first. */
    public List<URI> gateways() {
        return members.stream()
                .filter(member -> member.name().startsWith(ServiceKind.GATEWAY.label() + "-"))
                .filter(member -> member.state() != State.ENDED)
                .map(member -> URI.create("http://127.0.0.1:" + member.port()))
                .toList();
    }
}
