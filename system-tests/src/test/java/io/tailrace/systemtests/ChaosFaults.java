package io.tailrace.systemtests;

import io.tailrace.local.stack.LocalStack;
import io.tailrace.local.stack.StackMember;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Which process is killed or stopped, and when: all of it follows from a seed. */
final class ChaosFaults {
    private static final Duration SHORTEST_GAP = Duration.ofSeconds(2);
    private static final Duration LONGEST_GAP = Duration.ofSeconds(9);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(12);

    /** A kind of process is as likely as it stands here. */
    private static final List<String> VICTIMS = List.of(
            "broker-1",
            "broker-1",
            "coordinator-1",
            "coordinator-2",
            "coordinator-1",
            "coordinator-2",
            "gateway-1",
            "gateway-2",
            "gateway-1",
            "gateway-2",
            "build-worker-1",
            "build-worker-2",
            "build-worker-1",
            "build-worker-2",
            "turn-worker-1",
            "turn-worker-2",
            "turn-worker-1",
            "turn-worker-2");

    /** kill -9, SIGSTOP, SIGCONT. */
    enum Kind {
        KILL,
        PAUSE,
        RESUME
    }

    /**
     * One signal.
     *
     * @param at since the faults begin
     */
    record Fault(Duration at, Kind kind, String member) {
        @Override
        public String toString() {
            return kind + " " + member + " planned at " + at.toMillis() / 1000.0 + " s";
        }
    }

    private ChaosFaults() {}

    static List<Fault> schedule(long seed, Duration length) {
        Random random = new Random(seed);
        List<Fault> faults = new ArrayList<>();
        Duration at = between(random, Duration.ZERO, SHORTEST_GAP);
        while (at.compareTo(length) < 0) {
            String victim = VICTIMS.get(random.nextInt(VICTIMS.size()));
            if (random.nextInt(5) < 3) {
                faults.add(new Fault(at, Kind.KILL, victim));
            } else {
                Duration pause = between(random, Duration.ofMillis(200), LONGEST_PAUSE);
                faults.add(new Fault(at, Kind.PAUSE, victim));
                faults.add(new Fault(at.plus(pause), Kind.RESUME, victim));
            }
            at = at.plus(between(random, SHORTEST_GAP, LONGEST_GAP));
        }
        faults.sort(Comparator.comparing(Fault::at));
        return faults;
    }

    private static Duration between(Random random, Duration least, Duration most) {
        return least.plusMillis(random.nextLong(most.minus(least).toMillis() + 1));
    }

    /** To the process that the stack has by that name now, if it runs. */
    static String inflict(LocalStack stack, Fault fault) {
        StackMember member = stack.member(fault.member());
        if (!member.isAlive()) {
            return fault + ": does not run";
        }
        long pid = member.pid();
        switch (fault.kind()) {
            case KILL -> member.kill();
            case PAUSE -> member.pause();
            case RESUME -> member.resume();
        }
        return fault + ": pid " + pid;
    }
}
