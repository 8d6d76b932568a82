package io.tailrace.sandbox.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A shell beside the worker that outlives it by a moment: it waits at a pipe until the worker is gone (the kernel closes the pipe, also
 * after kill -9), then kills what carries the worker's mark or stands in its folder.
 */
final class Warden implements AutoCloseable {

    private static final String SCRIPT = "warden.sh";

    private final Process process;

    private Warden(Process process) {
        this.process = process;
    }

    static Warden start(ProcessCensus census, ProcessMark mark, Path folder) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                List.of("/bin/sh", "-c", script(), "tailrace-warden", mark.prefix(), folder.toString()));
        Map<String, String> environment = builder.environment();
        String path = environment.getOrDefault("PATH", "/usr/bin:/bin");
        environment.clear();
        environment.put("PATH", path);
        builder.redirectOutput(Redirect.DISCARD);
        builder.redirectError(Redirect.DISCARD);
        return new Warden(census.start(builder, Optional.empty()));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    private static String script() throws IOException {
        try (InputStream resource = Warden.class.getResourceAsStream(SCRIPT)) {
            if (resource == null) {
                throw new IllegalStateException(SCRIPT + " is missing from the jar");
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Lets the warden do its work now. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException("the warden's pipe could not be closed", e);
        }
    }
}
