package io.tailrace.sandbox.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Knows which process belongs to which build of this JVM.
 *
 * <p>The JVM is a sub-reaper, so whatever its builds start stays below it in the process tree, also when it detaches itself. A process
 * belongs to a build when its parent does, or else (its parent has ended) when its session, the mark in its environment or its working
 * folder says so. What was found out is remembered, so that a later {@code exec} or a changed environment does not hide it. Safe from any
 * thread; a count takes some milliseconds.
 */
final class ProcessCensus {

    private final long self = ProcessHandle.current().pid();
    private final Map<String, Path> folderOfBuild = new HashMap<>();
    private final Map<ProcessIdentity, String> buildOfProcess = new HashMap<>();
    private final Map<Long, String> buildOfSession = new HashMap<>();
    /** What this JVM started itself: for builds, and the warden. */
    private final Set<Long> children = new HashSet<>();

    /** What was below this JVM before there were any builds; whatever descends from it is none of theirs either. */
    private final Set<ProcessIdentity> foreign = new HashSet<>();

    /** What holds a build's namespaces: of the build, but no part of it. */
    private final Map<String, Set<ProcessIdentity>> holders = new HashMap<>();

    /** Where a build's files in memory lie, seen from outside of its namespaces. */
    private final Map<String, Path> sharedMemory = new HashMap<>();

    private final long ownSession;

    /** Begins to count; only what starts after this can be a build's. */
    ProcessCensus() {
        this.ownSession = ProcessTable.entry(self)
                .orElseThrow(
                        () -> new IllegalStateException("/proc cannot be read: a build-worker needs Linux with /proc"))
                .session();
        ProcessHandle.current()
                .descendants()
                .forEach(
                        process -> ProcessTable.entry(process.pid()).ifPresent(entry -> foreign.add(entry.identity())));
    }

    synchronized void open(String build, Path folder) {
        folderOfBuild.put(build, folder);
    }

    synchronized void close(String build) {
        folderOfBuild.remove(build);
        holders.remove(build);
        sharedMemory.remove(build);
        buildOfProcess.values().removeIf(build::equals);
        buildOfSession.values().removeIf(build::equals);
    }

    /** Starts a child and notes whose it is, so that no count comes between the two. */
    synchronized Process start(ProcessBuilder command, Optional<String> build) throws IOException {
        Process process = command.start();
        long pid = process.pid();
        children.add(pid);
        Thread.ofVirtual().name("process-exit-" + pid).start(() -> forgetAfter(process));
        build.ifPresent(
                owner -> ProcessTable.entry(pid).ifPresent(entry -> buildOfProcess.put(entry.identity(), owner)));
        return process;
    }

    /** Notes which processes only hold the build's namespaces: they are not among its living ones. */
    synchronized void setHolder(String build, Holder holder) {
        holders.put(build, holder.identities());
        sharedMemory.put(
                build,
                ProcessTable.folder(holder.first())
                        .resolve("root")
                        .resolve("dev")
                        .resolve("shm"));
    }

    private void forgetAfter(Process process) {
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
        synchronized (this) {
            children.remove(process.pid());
        }
    }

    /**
     * The living processes of a build. Those that can be attributed to no build count as the build's when it is the only open one, so
     * that nothing outlives the worker's last build. Also takes the exit status of adopted processes that have ended.
     *
     * @throws UncheckedIOException when {@code /proc} cannot be listed
     */
    synchronized List<ProcessEntry> livingOf(String build) {
        Set<ProcessIdentity> holder = holders.getOrDefault(build, Set.of());
        boolean alone = folderOfBuild.size() == 1 && folderOfBuild.containsKey(build);
        List<ProcessEntry> living = new ArrayList<>();
        Count count = count();
        count.owners.forEach((entry, owner) -> {
            if (owner.equals(build) && !holder.contains(entry.identity())) {
                living.add(entry);
            }
        });
        if (alone) {
            living.addAll(count.strays);
        }
        return living;
    }

    /**
     * Brings what is remembered up to date; to be called now and then while builds run. Answers what each build uses.
     *
     * @param memoryLimit up to here a build's memory need not be counted exactly
     */
    Map<String, TreeUsage> learn(long memoryLimit) {
        Map<String, List<ProcessEntry>> processes = new HashMap<>();
        Map<String, Path> memory;
        synchronized (this) {
            if (folderOfBuild.isEmpty()) {
                return Map.of();
            }
            count().owners
                    .forEach((entry, owner) -> processes
                            .computeIfAbsent(owner, _ -> new ArrayList<>())
                            .add(entry));
            memory = Map.copyOf(sharedMemory);
        }
        Map<String, TreeUsage> usage = new HashMap<>();
        processes.forEach((build, entries) -> {
            List<Long> pids = entries.stream().map(ProcessEntry::pid).toList();
            usage.put(
                    build,
                    new TreeUsage(
                            entries.stream().mapToInt(ProcessEntry::threads).sum(),
                            MemoryCount.bytes(pids, Optional.ofNullable(memory.get(build)), memoryLimit)));
        });
        return usage;
    }

    private Count count() {
        ProcessTable table;
        try {
            table = ProcessTable.take();
        } catch (IOException e) {
            throw new UncheckedIOException("/proc cannot be listed", e);
        }
        reapAdopted(table);
        Count count = new Count(table);
        table.entries().values().forEach(count::attribute);
        remember(table, count);
        return count;
    }

    private void reapAdopted(ProcessTable table) {
        for (ProcessEntry entry : table.entries().values()) {
            boolean knownAsABuilds = buildOfProcess.containsKey(entry.identity()) && !children.contains(entry.pid());
            if (entry.isZombie() && (isAdopted(entry) || (entry.parentPid() == self && knownAsABuilds))) {
                Posix.reap(entry.pid());
            }
        }
    }

    /**
     * Whether a process became this JVM's child because its parent ended. What Java started is left to Java, which waits for its exit
     * status: builds are known, what was there before them is, and what other code of this JVM may start later shares its session.
     */
    private boolean isAdopted(ProcessEntry entry) {
        return entry.parentPid() == self
                && !children.contains(entry.pid())
                && !foreign.contains(entry.identity())
                && entry.session() != ownSession;
    }

    private void remember(ProcessTable table, Count count) {
        Set<ProcessIdentity> present = new HashSet<>();
        Set<Long> sessions = new HashSet<>();
        for (ProcessEntry entry : table.entries().values()) {
            present.add(entry.identity());
            sessions.add(entry.session());
        }
        count.owners.forEach((entry, owner) -> {
            buildOfProcess.put(entry.identity(), owner);
            if (entry.session() != ownSession) {
                buildOfSession.put(entry.session(), owner);
            }
        });
        buildOfProcess.keySet().retainAll(present);
        buildOfSession.keySet().retainAll(sessions);
    }

    /** One pass over one process table. */
    private final class Count {

        private final ProcessTable table;
        private final Map<ProcessEntry, String> owners = new HashMap<>();
        private final List<ProcessEntry> strays = new ArrayList<>();

        Count(ProcessTable table) {
            this.table = table;
        }

        void attribute(ProcessEntry entry) {
            if (entry.isZombie() || entry.pid() == self) {
                return;
            }
            Optional<String> owner = ownerByAncestors(entry);
            if (owner.isPresent()) {
                owners.put(entry, owner.get());
                return;
            }
            ProcessEntry top = topBelowThisWorker(entry);
            boolean belowThisWorker = top.parentPid() == self && !children.contains(top.pid());
            boolean parentUnseen = !table.entries().containsKey(top.parentPid()) && top.parentPid() > 1;
            if (belowThisWorker || parentUnseen) {
                Optional<String> evidence = ownerByEvidence(entry);
                if (evidence.isPresent()) {
                    owners.put(entry, evidence.get());
                } else if (isAdopted(top)) {
                    strays.add(entry);
                }
            }
        }

        private Optional<String> ownerByAncestors(ProcessEntry entry) {
            ProcessEntry current = entry;
            Set<Long> seen = new HashSet<>();
            while (current != null && current.pid() != self && seen.add(current.pid())) {
                String owner = buildOfProcess.get(current.identity());
                if (owner != null) {
                    return Optional.of(owner);
                }
                current = table.entries().get(current.parentPid());
            }
            return Optional.empty();
        }

        private ProcessEntry topBelowThisWorker(ProcessEntry entry) {
            ProcessEntry current = entry;
            Set<Long> seen = new HashSet<>();
            while (current.parentPid() != self && seen.add(current.pid())) {
                ProcessEntry parent = table.entries().get(current.parentPid());
                if (parent == null) {
                    return current;
                }
                current = parent;
            }
            return current;
        }

        private Optional<String> ownerByEvidence(ProcessEntry entry) {
            String bySession = buildOfSession.get(entry.session());
            if (bySession != null) {
                return Optional.of(bySession);
            }
            Optional<String> environment = ProcessTable.environment(entry.pid());
            Optional<Path> folder = ProcessTable.workingFolder(entry.pid());
            return folderOfBuild.entrySet().stream()
                    .filter(build -> environment
                                    .filter(text -> text.contains(ProcessMark.VARIABLE + "=" + build.getKey() + "\0"))
                                    .isPresent()
                            || folder.filter(path -> path.startsWith(build.getValue()))
                                    .isPresent())
                    .map(Map.Entry::getKey)
                    .findFirst();
        }
    }
}
