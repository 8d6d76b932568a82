package io.tailrace.local.stack;

import io.tailrace.local.process.ChildProcess;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Ends all processes of a data folder: the supervisor, then gateways, workers, coordinators, brokers; each gets time to
 * end in order and is killed after it.
 */
public final class OrderlyEnd {

    /** No less than a service gives itself: its shutdown phases, and what is closed after them. Mostly a second is enough. */
    static final Duration PATIENCE = Duration.ofSeconds(70);

    /** More than a supervisor holds the folder's lock to start something again. */
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(10);

    private OrderlyEnd() {}

    /**
     * Returns when nothing runs any more.
     *
     * @param told the name of each process that has ended
     * @return how many processes there were
     */
    public static int of(Path dataDir, Consumer<String> told) throws IOException {
        StackFolder folder = new StackFolder(dataDir.toAbsolutePath().normalize());
        if (!folder.path().toFile().isDirectory()) {
            return 0;
        }
        FileLock lock = folder.lock(LOCK_PATIENCE);
        try {
            return of(folder, PATIENCE, told);
        } finally {
            lock.channel().close();
        }
    }

    /**
     * The same for one who holds the folder's lock.
     *
     * @param patience what each process is given until it is killed
     */
    static int of(StackFolder folder, Duration patience, Consumer<String> told) throws IOException {
        Optional<ChildProcess> supervisor = folder.supervisor().relieve();
        supervisor.ifPresent(process -> process.stop(patience));
        NavigableMap<String, ChildProcess> running = folder.running();
        for (List<String> group : groups(running.keySet())) {
            group.forEach(name -> process(running, name).terminate());
            for (String name : group) {
                process(running, name).stop(patience);
                told.accept(name);
            }
        }
        folder.supervisor().clear();
        return running.size();
    }

    /** Ends these, of a folder that is gone. */
    static void of(Collection<StackMember> members) {
        Map<String, StackMember> byName = new HashMap<>();
        members.forEach(member -> byName.put(member.name(), member));
        for (List<String> group : groups(byName.keySet())) {
            group.forEach(name -> Objects.requireNonNull(byName.get(name)).stop());
        }
    }

    private static ChildProcess process(Map<String, ChildProcess> running, String name) {
        return Objects.requireNonNull(running.get(name));
    }

    private static List<List<String>> groups(Set<String> running) {
        List<List<String>> groups = new ArrayList<>();
        for (ServiceKind kind : ServiceKind.values()) {
            groups.add(running.stream()
                    .filter(name ->
                            ServiceKind.ofName(name).filter(kind::equals).isPresent())
                    .toList());
        }
        groups.add(running.stream()
                .filter(name -> ServiceKind.ofName(name).isEmpty())
                .toList());
        return groups;
    }
}
