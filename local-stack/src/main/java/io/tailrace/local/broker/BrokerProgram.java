package io.tailrace.local.broker;

import io.tailrace.local.process.CachedProgram;
import io.tailrace.local.process.JavaCommand;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** The broker's program: the class path that this process has itself, a jar's manifest followed where it names others. */
public final class BrokerProgram {

    private BrokerProgram() {}

    /**
     * The program.
     *
     * @param cacheFolder where its AOT cache lies, if there is one
     */
    public static CachedProgram of(Path cacheFolder) throws IOException {
        return CachedProgram.of(BrokerMain.class.getName(), classPath(), cacheFolder);
    }

    static List<String> command(BrokerSettings settings, BrokerFolder folder, List<String> arguments)
            throws IOException {
        List<String> options = new ArrayList<>(JavaCommand.OPTIONS);
        options.add("-Xmx" + settings.heapMegabytes() + "m");
        options.add("-Djava.io.tmpdir=" + folder.temporary().toAbsolutePath());
        options.add("-Dlogback.configurationFile=" + folder.logSettings().toUri());
        options.add("-Dtailrace.broker.log=" + folder.log().toAbsolutePath());
        options.addAll(settings.jvmOptions());
        if (settings.cacheFolder().isEmpty()) {
            return JavaCommand.of(options, classPath(), BrokerMain.class.getName(), arguments);
        }
        CachedProgram program = of(settings.cacheFolder().get());
        return settings.recording().isPresent()
                ? program.recordingCommand(options, settings.recording().get(), arguments)
                : program.command(options, false, arguments);
    }

    private static List<Path> classPath() throws IOException {
        List<Path> all = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path path = Path.of(entry).toAbsolutePath();
            all.add(path);
            namedBy(path).filter(named -> !all.contains(named)).forEach(all::add);
        }
        return all;
    }

    private static Stream<Path> namedBy(Path entry) throws IOException {
        if (!Files.isRegularFile(entry) || !entry.toString().endsWith(".jar")) {
            return Stream.empty();
        }
        try (JarFile jar = new JarFile(entry.toFile())) {
            return Optional.ofNullable(jar.getManifest())
                    .map(Manifest::getMainAttributes)
                    .map(attributes -> attributes.getValue(Attributes.Name.CLASS_PATH))
                    .map(value -> Arrays.stream(value.split(" ", -1))
                            .map(name -> entry.resolveSibling(name).normalize())
                            .filter(Files::isRegularFile))
                    .orElse(Stream.empty());
        }
    }
}
