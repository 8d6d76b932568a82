#!/usr/bin/env bash
# JDK 25: as many virtual threads as there are carriers wait for output of processes, and half a minute later no virtual thread runs.
#
# Behaviour: a virtual thread that reads a process's pipe holds its carrier; a spare carrier is made in its place, and all goes on.
# The spare ends when it was idle for 30 s, and nothing makes another: a virtual thread that is started or woken after that
# is not executed, with idle cores, without an error and without a line in a log, until one of the reads returns. The same program
# on a busy machine never shows it, because a spare that works is not idle.
# The wrong guess: that the runtime makes up for blocked carriers at any time, because it does within the first 30 s, and
# because a test that takes less than that passes.
# Source: Temurin 25.0.3 (whichever JDK 25 is JAVA_HOME or on the PATH), java.util.concurrent.ForkJoinPool as the scheduler; the maintainers
# describe the idle spare in openjdk/jdk pull request 32248 for Selector.select on Windows.
# Why it matters: a service that answers on virtual threads (Spring Boot, Helidon, Quarkus) and talks to subprocesses, such as servers
# of tools over standard input and output, stands still on a machine with as many cores as idle subprocesses. Waiting for a pipe
# belongs on platform threads.
set -euo pipefail
java="${JAVA_HOME:+$JAVA_HOME/bin/}java"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/Finding.java" <<'JAVA'
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

public class Finding {
    static final int CARRIERS = 2;

    public static void main(String[] args) throws Exception {
        System.out.println("java " + Runtime.version() + ", carriers: " + CARRIERS);
        boolean early = anotherRuns(1);
        boolean late = anotherRuns(45);
        System.out.println(early && !late ? "AS DESCRIBED" : "CHANGED");
        System.exit(early && !late ? 0 : 1);
    }

    /** Whether another virtual thread runs within 5 s, this long after all carriers wait for pipes. */
    static boolean anotherRuns(int idleSeconds) throws Exception {
        List<Process> silent = new ArrayList<>();
        List<Thread> readers = new ArrayList<>();
        for (int i = 0; i < CARRIERS; i++) {
            Process process = new ProcessBuilder("sleep", "90").start();
            silent.add(process);
            readers.add(Thread.ofVirtual().start(() -> {
                try {
                    process.getInputStream().read();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        Thread.sleep(idleSeconds * 1000L);
        CountDownLatch ran = new CountDownLatch(1);
        Thread.ofVirtual().start(ran::countDown);
        boolean inTime = ran.await(5, TimeUnit.SECONDS);
        System.out.println("after " + idleSeconds + " s of silence: another virtual thread "
                + (inTime ? "ran" : "did not run within 5 s"));
        silent.forEach(Process::destroy);
        for (Thread reader : readers) {
            reader.join();
        }
        if (!ran.await(5, TimeUnit.SECONDS)) {
            throw new IllegalStateException("it did not run after the reads either");
        }
        return inTime;
    }
}
JAVA
"$java" -Djdk.virtualThreadScheduler.parallelism=2 "$folder/Finding.java"
