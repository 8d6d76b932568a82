package io.tailrace.local.stack;

import io.tailrace.local.process.ChildProcess;
import io.tailrace.local.security.StackSecurity;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiFunction;

/**
 * What runs on a data folder at this moment.
 *
 * @param tools the settings with which Kafka's tools log in; empty where Kafka asks nobody who he is
 * @param supervision whether what dies is started again
 * @param members those of the last start, and whatever else still runs
 */
public record StackStatus(
        Path dataDir, String bootstrapServers, Optional<Tools> tools, Supervision supervision, List<Member> members) {

    /** A file for {@code --command-config} of Kafka's console tools, and one for {@code kcat -F}. */
    public record Tools(Path console, Path kcat) {}

    /** Who starts again what dies. */
    public enum Supervision {
        /** Nobody, and nobody was meant to. */
        NONE,
        RUNS,
        /** It has died; {@code tailrace up} takes over. */
        DIED
    }

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
     * @param restarts empty when it never died under the present supervisor
     */
    public record Member(
            String name, State state, int port, Optional<Long> pid, Path log, Optional<Restarts> restarts) {}

    /** Asks the processes that are there; takes up to two seconds for one that does not answer. */
    public static StackStatus of(Path dataDir) throws IOException {
        StackFolder folder = new StackFolder(dataDir.toAbsolutePath().normalize());
        StackRecord last = folder.read().orElse(StackRecord.NONE);
        return new StackStatus(
                folder.path(),
                last.bootstrapServers(),
                tools(folder, last),
                supervision(folder.supervisor()),
                members(folder, last, StackStatus::state));
    }

    /** The process that starts again what dies; empty when none runs. */
    public static Optional<Long> supervisor(Path dataDir) throws IOException {
        return new StackFolder(dataDir.toAbsolutePath().normalize())
                .supervisor()
                .running()
                .map(ChildProcess::pid);
    }

    /** What a supervisor without a terminal says. */
    public static Path supervisorLog(Path dataDir) {
        return new StackFolder(dataDir.toAbsolutePath().normalize())
                .supervisor()
                .log();
    }

    private static Optional<Tools> tools(StackFolder folder, StackRecord last) {
        boolean embedded = last.ports().keySet().stream().anyMatch(MemberNames::isBroker);
        StackSecurity security = folder.security();
        return embedded && folder.isSecured()
                ? Optional.of(new Tools(
                        security.clientSettings(StackSecurity.ADMIN), security.kcatSettings(StackSecurity.ADMIN)))
                : Optional.empty();
    }

    private static Supervision supervision(SupervisorRecord supervisor) throws IOException {
        if (!supervisor.exists()) {
            return Supervision.NONE;
        }
        return supervisor.running().isPresent() ? Supervision.RUNS : Supervision.DIED;
    }

    /** The processes of a data folder; none is asked, so that one that runs counts as ready. */
    public static List<Member> recorded(Path dataDir) throws IOException {
        StackFolder folder = new StackFolder(dataDir.toAbsolutePath().normalize());
        return members(folder, folder.read().orElse(StackRecord.NONE), (name, port) -> State.READY);
    }

    private static List<Member> members(
            StackFolder folder, StackRecord last, BiFunction<String, Integer, State> stateOfRunning)
            throws IOException {
        NavigableMap<String, ChildProcess> running = folder.running();
        NavigableSet<String> names = new TreeSet<>(MemberNames.ORDER);
        names.addAll(last.ports().keySet());
        names.addAll(running.keySet());
        Map<String, Restarts> restarts = folder.supervisor().read();
        List<Member> members = new ArrayList<>();
        for (String name : names) {
            int port = last.ports().getOrDefault(name, 0);
            Optional<ChildProcess> process = Optional.ofNullable(running.get(name));
            State state = process.isPresent() ? stateOfRunning.apply(name, port) : State.ENDED;
            members.add(new Member(
                    name,
                    state,
                    port,
                    process.map(ChildProcess::pid),
                    folder.log(name),
                    Optional.ofNullable(restarts.get(name))));
        }
        return members;
    }

    private static State state(String name, int port) {
        return MemberNames.isBroker(name) || Readiness.of(port) ? State.READY : State.NOT_READY;
    }

    public boolean isRunning() {
        return members.stream().anyMatch(member -> member.state() != State.ENDED);
    }

    /** The gateways that run on a data folder, first one first; asks none of them. */
    public static List<URI> gateways(Path dataDir) throws IOException {
        StackFolder folder = new StackFolder(dataDir.toAbsolutePath().normalize());
        StackRecord last = folder.read().orElse(StackRecord.NONE);
        return folder.running().keySet().stream()
                .filter(name -> ServiceKind.ofName(name)
                        .filter(ServiceKind.GATEWAY::equals)
                        .isPresent())
                .filter(last.ports()::containsKey)
                .map(name -> URI.create("http://127.0.0.1:" + last.ports().get(name)))
                .toList();
    }
}
