package io.tailrace.sandbox.isolation;

import io.tailrace.sandbox.process.BuildScope;
import io.tailrace.sandbox.process.Confinement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** Tries the whole way into a build's namespaces once, with a command that sees whether it is alone there. */
final class Probe {

    private static final long PATIENCE_SECONDS = 10;

    /** Prints how many processes it sees: the namespace's first, the one that holds it, and itself. */
    private static final String SCRIPT = "n=0; for p in /proc/[0-9]*; do n=$((n+1)); done; echo isolated $n";

    private static final String ANSWER = "isolated 3";

    private Probe() {}

    /** @throws Failed with what the programs said */
    static void run(Confinement confinement, Path folder) throws Failed {
        BuildScope scope = BuildScope.of(folder, folder);
        Process holder = null;
        try {
            holder = new ProcessBuilder(confinement.holder(scope).orElseThrow()).start();
            if (holder.getInputStream().read() < 0) {
                throw new Failed(text(holder.errorReader(StandardCharsets.UTF_8).readAllAsString()));
            }
            long first = holder.children().findFirst().orElseThrow().pid();
            List<String> command = confinement.wrap(List.of("/bin/sh", "-c", SCRIPT), scope, OptionalLong.of(first));
            Process inside =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String answer = inside.inputReader(StandardCharsets.UTF_8).readAllAsString();
            if (!inside.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    || inside.exitValue() != 0
                    || !answer.strip().equals(ANSWER)) {
                throw new Failed(text(answer));
            }
        } catch (IOException e) {
            throw new Failed(text(String.valueOf(e.getMessage())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failed("interrupted");
        } finally {
            if (holder != null) {
                end(holder);
            }
        }
    }

    /** By its child, the first process inside, for which it waits: nothing is left to be waited for by others. */
    private static void end(Process holder) {
        holder.children().forEach(ProcessHandle::destroyForcibly);
        holder.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    private static String text(String answer) {
        String text = answer.strip().replaceAll("\\s*\\n\\s*", "; ");
        return text.isEmpty() ? "no answer" : text;
    }

    /** Builds cannot be isolated by these means. */
    static final class Failed extends Exception {
        private static final long serialVersionUID = 1L;

        Failed(String message) {
            super(message);
        }
    }
}
