package io.tailrace.knowledge.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads a PDF in a process of its own, {@link PdfMain}: a small file can unpack to gigabytes or keep a parser busy for
 * ever, and a process can be bounded and ended. It gets the file on its standard input and no name of a file, and writes
 * text. Thread-safe: each call starts a process and ends it.
 */
public final class PdfProcess {
    private static final String BOOT_LOADER = "org.springframework.boot.loader.launch.PropertiesLauncher";

    private final List<String> command;

    private PdfProcess(List<String> command) {
        this.command = List.copyOf(command);
    }

    /**
     * The way to start it on this installation.
     *
     * @param command starts a JVM that executes {@link PdfMain}; see there. A service in one jar names its own loader.
     */
    public static PdfProcess startedBy(List<String> command) {
        return new PdfProcess(command);
    }

    /** This JVM's program and class path, with a heap of its own. Not for a jar with jars in it: {@link #ofThisProgram}. */
    public static PdfProcess ofThisClassPath(int heapMebibytes) {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(options(heapMebibytes));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), PdfMain.class.getName()));
        return new PdfProcess(command);
    }

    /** As this JVM was started: by a class path, or from one jar with jars in it, as Spring Boot makes them. */
    public static PdfProcess ofThisProgram(int heapMebibytes) {
        if (ClassLoader.getSystemResource(BOOT_LOADER.replace('.', '/') + ".class") == null) {
            return ofThisClassPath(heapMebibytes);
        }
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(options(heapMebibytes));
        command.add("-Dloader.main=" + PdfMain.class.getName());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), BOOT_LOADER));
        return new PdfProcess(command);
    }

    /** The options that bound the process; a command of one's own has them too. */
    public static List<String> options(int heapMebibytes) {
        return List.of(
                "-Xmx" + heapMebibytes + "m",
                "-Xss2m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:-UsePerfData",
                "-Djava.awt.headless=true");
    }

    sealed interface Outcome {}

    /** Pages are parted by form feeds. */
    record Pages(String text) implements Outcome {}

    record Stopped(RefusalReason reason, String detail) implements Outcome {}

    record NotRun(String detail) implements Outcome {}

    Outcome read(byte[] bytes, ExtractionLimits limits) {
        Process process;
        try {
            List<String> line = new ArrayList<>(command);
            line.add(Integer.toString(limits.maxCharacters()));
            process = new ProcessBuilder(line)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            return new NotRun("the process that reads PDFs does not start: " + e.getMessage());
        }
        CompletableFuture<byte[]> output = new CompletableFuture<>();
        onThread("pdf-input", () -> write(process.getOutputStream(), bytes));
        onThread("pdf-output", () -> read(process.getInputStream(), limits, output));
        try {
            byte[] text = output.get(limits.maxTime().toMillis(), TimeUnit.MILLISECONDS);
            // Whoever has closed its output ends.
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                return new Stopped(RefusalReason.TOO_SLOW, "its process did not end");
            }
            return outcome(process.exitValue(), text);
        } catch (TimeoutException _) {
            return new Stopped(RefusalReason.TOO_SLOW, "not read within " + limits.maxTime());
        } catch (ExecutionException e) {
            return new NotRun("the process that reads PDFs cannot be heard: " + e.getCause());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new NotRun("interrupted");
        } finally {
            process.destroyForcibly();
        }
    }

    private static Outcome outcome(int status, byte[] text) {
        if (status == 0) {
            return new Pages(new String(text, StandardCharsets.UTF_8));
        }
        for (PdfMain.End end : PdfMain.End.values()) {
            if (end.status == status) {
                return new Stopped(end.reason, end.detail);
            }
        }
        return new NotRun("the process that reads PDFs ended with " + status);
    }

    /** A platform thread: a virtual one that waits for a pipe holds its carrier, and with it the streams of a gateway. */
    private static void onThread(String name, Runnable work) {
        Thread.ofPlatform().daemon().name(name).start(work);
    }

    /** A process that has read enough closes its end. That is no failure: its exit value says what it is. */
    private static void write(OutputStream input, byte[] bytes) {
        try (input) {
            input.write(bytes);
        } catch (IOException _) {
            return;
        }
    }

    private static void read(InputStream from, ExtractionLimits limits, CompletableFuture<byte[]> output) {
        try (from) {
            // A character has at most three bytes for each UTF-16 unit.
            output.complete(from.readNBytes(
                    Math.toIntExact(Math.min(Integer.MAX_VALUE - 16, 3L * limits.maxCharacters() + 16))));
        } catch (IOException e) {
            output.completeExceptionally(e);
        }
    }
}
