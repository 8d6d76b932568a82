package io.tailrace.systemtests;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A client in a process of its own, which prints what it receives. It ends with the thread that follows. */
final class ClientProcess implements StreamClient {
    /** Stands for the stream's address in a command. */
    static final String URL = "URL";

    private final List<String> command;

    ClientProcess(String... command) {
        this.command = List.of(command);
    }

    @Override
    public void follow(URI stream, Consumer<Received> taken) throws Exception {
        Path complaints = Files.createTempFile("client", ".err");
        Process process = new ProcessBuilder(command.stream()
                        .map(it -> it.equals(URL) ? stream.toString() : it)
                        .toList())
                .redirectError(complaints.toFile())
                .start();
        Thread reader = Thread.ofVirtual().unstarted(() -> {});
        try {
            reader = Thread.ofVirtual().start(() -> read(process, taken));
            if (process.waitFor() != 0) {
                throw new IOException("ended with " + process.exitValue() + ": " + Files.readString(complaints));
            }
            reader.join();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            Files.delete(complaints);
        }
    }

    private static void read(Process process, Consumer<Received> taken) {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            @Nullable String line;
            while ((line = lines.readLine()) != null) {
                taken.accept(Received.of(line));
            }
        } catch (IOException _) {
            // The process was ended.
        }
    }

    @Override
    public String toString() {
        return Arrays.toString(command.toArray());
    }
}
