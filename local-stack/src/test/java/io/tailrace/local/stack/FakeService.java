package io.tailrace.local.stack;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Stands for a service: ready at once, says what it was given, can be told to end early. */
public final class FakeService {

    private FakeService() {}

    public static void main(String[] args) throws IOException {
        String name = System.getenv("TAILRACE_INSTANCE");
        System.out.println("started " + name + " with " + System.getenv("SPRING_KAFKA_BOOTSTRAP_SERVERS"));
        System.out.println(name + " knows " + new TreeSet<>(System.getenv().keySet()));
        System.out.println(name + " imports " + System.getenv("SPRING_CONFIG_IMPORT"));
        String failure = System.getenv("FAKE_FAILURE");
        if (failure != null) {
            System.out.println(failure);
            System.exit(1);
        }
        String failing = System.getenv("FAKE_FAILS_WHILE_THERE_IS");
        if (failing != null && Files.exists(Path.of(failing))) {
            System.out.println("cannot bear " + failing);
            System.exit(7);
        }
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> System.out.println("ended " + name)));
        int port = Integer.parseInt(System.getenv("SERVER_PORT"));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/actuator/health/readiness", exchange -> {
            byte[] body = ("\"" + System.getenv("FAKE_WORD") + "\"").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
        server.start();
    }

    /** A checkout that has this as the jar of every service. */
    static Path home(Path folder) throws IOException {
        for (ServiceKind kind : ServiceKind.values()) {
            Path target = Files.createDirectories(folder.resolve(kind.module()).resolve("target"));
            writeJar(target.resolve(kind.module() + "-0.1.0-SNAPSHOT.jar"));
        }
        return folder;
    }

    private static void writeJar(Path file) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, FakeService.class.getName());
        String entry = FakeService.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file), manifest);
                var code = FakeService.class.getClassLoader().getResourceAsStream(entry)) {
            jar.putNextEntry(new JarEntry(entry));
            java.util.Objects.requireNonNull(code).transferTo(jar);
            jar.closeEntry();
        }
    }
}
