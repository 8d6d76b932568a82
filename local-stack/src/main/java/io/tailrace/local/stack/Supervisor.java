package io.tailrace.local.stack;

import io.tailrace.local.process.FreePorts;
import io.tailrace.local.stack.SupervisorRecord.Responsible;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Starts again what died of a stack, on a thread of its own, as long as the folder's {@link SupervisorRecord} names this
 * process. What was stopped through its {@link StackMember} stays stopped.
 */
final class Supervisor {

    private static final long LOOK_AGAIN_MILLIS = 250;
    private static final Duration CHORE_EVERY = Duration.ofHours(1);

    private final StackFolder folder;
    private final Supplier<Collection<StackMember>> members;
    private final Runnable chore;
    private final StackNews news;
    private final Clock clock;
    private final Map<String, WatchedMember> watched = new HashMap<>();
    /** Held while something is forked, so that nothing is forked behind the back of {@link #end}. */
    private final ReentrantLock forking = new ReentrantLock();

    private final CountDownLatch ending = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private boolean isRecordingBroken;
    private Instant choreDue;

    private Supervisor(
            StackFolder folder,
            Supplier<Collection<StackMember>> members,
            Runnable chore,
            StackNews news,
            Clock clock) {
        this.folder = folder;
        this.members = members;
        this.chore = chore;
        this.choreDue = clock.instant().plus(CHORE_EVERY);
        this.news = news;
        this.clock = clock;
    }

    /**
     * For a holder of the folder's lock.
     *
     * @param chore done every hour, on the supervisor's thread; what it throws would end the supervision
     */
    static Supervisor begin(
            StackFolder folder,
            String options,
            Supplier<Collection<StackMember>> members,
            Runnable chore,
            StackNews news)
            throws IOException {
        folder.supervisor().take(options);
        Supervisor supervisor = new Supervisor(folder, members, chore, news, Clock.systemUTC());
        Thread.ofPlatform().daemon().name("supervisor").start(supervisor::run);
        return supervisor;
    }

    /** Nothing is started again from now on. Safe from any thread. */
    void end() {
        forking.lock();
        try {
            ending.countDown();
        } finally {
            forking.unlock();
        }
    }

    /** Returns when nothing is watched any more. */
    void awaitEnd() throws InterruptedException {
        ended.await();
    }

    private void run() {
        try {
            while (!ending.await(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
                if (!isResponsible()) {
                    return;
                }
                members.get().forEach(this::look);
                doChore();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            ended.countDown();
        }
    }

    private void doChore() {
        if (clock.instant().isBefore(choreDue)) {
            return;
        }
        choreDue = clock.instant().plus(CHORE_EVERY);
        chore.run();
    }

    private boolean isResponsible() {
        try {
            return switch (folder.supervisor().responsible()) {
                case THIS_PROCESS -> true;
                case ANOTHER -> {
                    news.said(
                            "Another tailrace command has ended the stack on " + folder.path() + ", or taken it over");
                    yield false;
                }
                case NOBODY -> {
                    news.said("The data folder " + folder.path() + " was removed. Everything that ran on it is ended");
                    OrderlyEnd.of(members.get());
                    yield false;
                }
            };
        } catch (IOException unreadable) {
            said("Cannot read who supervises the stack: " + unreadable);
            return true;
        }
    }

    private void look(StackMember member) {
        WatchedMember it = watched.computeIfAbsent(member.name(), name -> new WatchedMember(clock));
        if (member.isStoppedOnPurpose()) {
            return;
        }
        if (member.isAlive()) {
            if (it.isWaiting()) {
                it.startedByAnother();
            }
        } else if (!it.isWaiting()) {
            hasEnded(member, it);
        } else if (it.isDue()) {
            startAgain(member, it);
        }
    }

    private void hasEnded(StackMember member, WatchedMember it) {
        Optional<Integer> exitCode = member.exitCode();
        Duration delay = it.ended(exitCode);
        String howOften = it.failuresInARow() > 1 ? ", " + it.failuresInARow() + " times in a row" : "";
        // Once is bad luck; of what dies again, a person wants to know why, but not for ever.
        String why = it.failuresInARow() == 2 ? ". Its log ends with:" + member.lastWords() : "";
        news.said(member.name() + " has ended (" + exitText(exitCode) + ")" + howOften + "; it starts again in "
                + delay.toSeconds() + " s. Its log: " + member.log() + why);
        record();
    }

    /** As people know it. */
    static String exitText(Optional<Integer> exitCode) {
        return exitCode.map(code -> switch (code) {
                    case 137 -> "exit code 137, killed";
                    case 143 -> "exit code 143, terminated";
                    default -> "exit code " + code;
                })
                .orElse("exit code not known");
    }

    private void startAgain(StackMember member, WatchedMember it) {
        try {
            if (launch(member)) {
                it.started();
                news.said(member.name() + " is started again, restart " + it.count());
                record();
            }
        } catch (IOException | RuntimeException failed) {
            Duration delay = it.failed();
            news.said(member.name() + " cannot be started: " + failed.getMessage() + "; tried again in "
                    + delay.toSeconds() + " s");
            record();
        }
    }

    /** False when somebody else changes what runs here; then later. */
    private boolean launch(StackMember member) throws IOException {
        forking.lock();
        try {
            if (ending.getCount() == 0) {
                return false;
            }
            Optional<FileLock> lock = folder.tryLock();
            if (lock.isEmpty()) {
                return false;
            }
            try {
                if (folder.supervisor().responsible() != Responsible.THIS_PROCESS) {
                    return false;
                }
                if (!FreePorts.isFree(member.port())) {
                    throw new StackStartException("port " + member.port() + " is in use by another program meanwhile");
                }
                member.launch();
                return true;
            } finally {
                lock.get().channel().close();
            }
        } finally {
            forking.unlock();
        }
    }

    private void record() {
        Map<String, Restarts> all = new TreeMap<>();
        watched.forEach((name, it) -> it.restarts().ifPresent(restarts -> all.put(name, restarts)));
        try {
            folder.supervisor().write(all);
            isRecordingBroken = false;
        } catch (IOException failed) {
            said("Cannot record what was started again: " + failed);
        }
    }

    /** Once for a row of failures. */
    private void said(String failure) {
        if (!isRecordingBroken) {
            news.said(failure);
        }
        isRecordingBroken = true;
    }
}
