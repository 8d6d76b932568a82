package io.tailrace.sandbox.process;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Everything that one build has started, directly or not. Safe from any thread.
 *
 * <p>Each command runs in a session of its own (where the machine has {@code setsid}), so that it has no terminal and that a key pressed
 * in the worker's terminal does not reach it. Where builds are confined to namespaces, all commands of one build share them, so that what
 * one command leaves running is there for the next; they are made with the first command, and anew after the tree was ended.
 */
public final class ProcessTree implements AutoCloseable {

    private static final List<Path> SETSID = List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid"));
    private static final CommandEncoding ENCODING = CommandEncoding.ofThisJvm();

    private final ProcessCensus census;
    private final String build;
    private final BuildScope scope;
    private final Confinement confinement;
    private final Holder.Starter holderStarts;
    private final Runnable onClose;
    private final Object holderLock = new Object();
    private Optional<Holder> holder = Optional.empty();

    /** What waits outside for a command inside, and passes its exit code on. */
    private final Set<ProcessIdentity> wrappers = ConcurrentHashMap.newKeySet();

    private volatile Consumer<Overuse> overuseListener = _ -> {};

    ProcessTree(
            ProcessCensus census,
            String build,
            BuildScope scope,
            Confinement confinement,
            Holder.Starter holderStarts,
            Runnable onClose) {
        this.census = census;
        this.build = build;
        this.scope = scope;
        this.confinement = confinement;
        this.holderStarts = holderStarts;
        this.onClose = onClose;
        census.open(build, scope.folder());
    }

    /**
     * Starts a command in the build's folder with exactly this environment (and the mark by which it is found again), no standard input,
     * and two pipes.
     *
     * @param argv the program, found as a shell would find it, and its arguments
     * @throws CommandNotStarted when there is no such program, or the operating system refuses
     */
    public Process start(List<String> argv, Map<String, String> environment) throws CommandNotStarted {
        return start(argv, environment, Redirect.from(new File("/dev/null")));
    }

    /**
     * Starts a command as {@link #start(List, Map)} does, with a pipe as its standard input.
     *
     * @throws CommandNotStarted when there is no such program, or the operating system refuses
     */
    public Process startWithInput(List<String> argv, Map<String, String> environment) throws CommandNotStarted {
        return start(argv, environment, Redirect.PIPE);
    }

    private Process start(List<String> argv, Map<String, String> environment, Redirect input) throws CommandNotStarted {
        Path folder = scope.folder();
        if (!Files.isDirectory(folder)) {
            throw CommandNotStarted.folderMissing();
        }
        Path program = ProgramLookup.find(argv.getFirst(), environment, folder, file -> confinement.sees(file, scope));
        List<String> command = new ArrayList<>();
        command.add(program.toString());
        command.addAll(argv.subList(1, argv.size()));
        List<String> wrapped = new ArrayList<>();
        SETSID.stream().filter(Files::isExecutable).findFirst().ifPresent(path -> wrapped.add(path.toString()));
        OptionalLong entered = holder();
        wrapped.addAll(confinement.wrap(command, scope, entered));
        ENCODING.require(wrapped, environment);
        ProcessBuilder builder = new ProcessBuilder(wrapped);
        builder.directory(folder.toFile());
        builder.redirectInput(input);
        try {
            builder.environment().clear();
            builder.environment().putAll(environment);
            builder.environment().put(ProcessMark.VARIABLE, build);
            Process process = census.start(builder, Optional.of(build));
            if (entered.isPresent()) {
                ProcessTable.entry(process.pid()).ifPresent(entry -> wrappers.add(entry.identity()));
            }
            return process;
        } catch (IOException | IllegalArgumentException e) {
            throw CommandNotStarted.refused(String.valueOf(e.getMessage()));
        }
    }

    /** The first process of the build's namespaces, which are made if they are not there; nothing where there are none. */
    OptionalLong holder() throws CommandNotStarted {
        synchronized (holderLock) {
            if (holder.isPresent() && holder.get().isAlive()) {
                return OptionalLong.of(holder.get().first());
            }
            Optional<List<String>> command = confinement.holder(scope);
            if (command.isEmpty()) {
                return OptionalLong.empty();
            }
            Holder opened = Holder.open(holderStarts, command.get(), build);
            census.setHolder(build, opened);
            holder = Optional.of(opened);
            return OptionalLong.of(opened.first());
        }
    }

    /** Who is told, on a thread that must not be kept, when the build uses more than its share: again and again until it has ended. */
    public void whenOverused(Consumer<Overuse> listener) {
        overuseListener = listener;
    }

    /** Ends what is confined at once; the rest is left to who listens. */
    void overused(Overuse overuse) {
        overuseListener.accept(overuse);
        killHolder();
    }

    /**
     * Ends all of it: SIGTERM, then after the grace SIGKILL until nothing is left. Blocks for up to the grace and some 10 s.
     *
     * @return how many processes could not be ended; 0 unless they belong to another user or hang in the kernel
     */
    public int end(Duration grace) {
        return new ProcessEnder(() -> census.livingOf(build), wrappers::contains, this::killHolder)
                .end(grace)
                .size();
    }

    private void killHolder() {
        synchronized (holderLock) {
            holder.ifPresent(Holder::kill);
            holder = Optional.empty();
        }
    }

    /** The processes that are alive now. */
    public int size() {
        return census.livingOf(build).size();
    }

    /** Forgets the tree, which must have been ended. */
    @Override
    public void close() {
        killHolder();
        census.close(build);
        onClose.run();
    }
}
