package io.tailrace.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** A proxy as Debian has it, with its file in docs/proxies; how it is started in the foreground, in a folder of its own. */
enum Proxy {
    NGINX("nginx", "nginx.conf") {
        @Override
        List<String> command(Path folder, int port) {
            String temporary = List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi").stream()
                    .map(it -> it + "_temp_path " + it + ";")
                    .reduce("http {", String::concat);
            edit(folder.resolve("nginx.conf"), "http {", temporary);
            return List.of(
                    "nginx",
                    "-e",
                    "stderr",
                    "-p",
                    folder + "/",
                    "-c",
                    folder.resolve("nginx.conf").toString(),
                    "-g",
                    "daemon off; pid nginx.pid;");
        }
    },
    HAPROXY("haproxy", "haproxy.cfg") {
        @Override
        List<String> command(Path folder, int port) {
            return List.of("haproxy", "-db", "-f", folder.resolve("haproxy.cfg").toString());
        }
    },
    APACHE("apache2", "apache.conf") {
        @Override
        List<String> command(Path folder, int port) {
            return List.of(
                    "apache2",
                    "-d",
                    folder.toString(),
                    "-f",
                    folder.resolve("apache.conf").toString(),
                    "-c",
                    "PidFile " + folder.resolve("apache.pid"),
                    "-c",
                    "ErrorLog /dev/stderr",
                    "-c",
                    "DefaultRuntimeDir " + folder,
                    "-DFOREGROUND");
        }
    },
    VARNISH("varnishd", "varnish.vcl") {
        @Override
        List<String> command(Path folder, int port) {
            return List.of(
                    "varnishd",
                    "-F",
                    "-j",
                    "none",
                    "-a",
                    "127.0.0.1:" + port,
                    "-f",
                    folder.resolve("varnish.vcl").toString(),
                    "-n",
                    folder.resolve("varnish").toString(),
                    "-s",
                    "malloc,16m");
        }
    },
    LIGHTTPD("lighttpd", "lighttpd.conf") {
        @Override
        List<String> command(Path folder, int port) {
            return List.of(
                    "lighttpd", "-D", "-f", folder.resolve("lighttpd.conf").toString());
        }
    },
    CADDY("caddy", "Caddyfile") {
        @Override
        List<String> command(Path folder, int port) {
            return List.of(
                    "caddy", "run", "--config", folder.resolve("Caddyfile").toString(), "--adapter", "caddyfile");
        }
    },
    TRAFFICSERVER("traffic_server", "trafficserver/records.config trafficserver/remap.config") {
        @Override
        List<String> command(Path folder, int port) {
            Path configuration = folder.resolve("trafficserver");
            if (System.getProperty("user.name").equals("root")) {
                // It does not stay root; nothing of its configuration says whom it becomes but this.
                edit(
                        configuration.resolve("records.config"),
                        "CONFIG proxy.config.http.cache.http",
                        "CONFIG proxy.config.admin.user_id STRING trafficserver\nCONFIG proxy.config.http.cache.http");
            }
            String places = """
                    prefix: /usr
                    exec_prefix: /usr
                    bindir: /usr/bin
                    sbindir: /usr/bin
                    includedir: /usr/include
                    libdir: /usr/lib/trafficserver
                    libexecdir: /usr/lib/trafficserver/modules
                    sysconfdir: CONFIGURATION
                    datadir: FOLDER/state
                    localstatedir: FOLDER/state
                    runtimedir: FOLDER/state
                    logdir: FOLDER/state
                    cachedir: FOLDER/state
                    """;
            try {
                for (String part : List.of("ip_allow.yaml", "logging.yaml", "sni.yaml", "strategies.yaml")) {
                    Files.copy(
                            Path.of("/etc/trafficserver", part),
                            configuration.resolve(part),
                            StandardCopyOption.REPLACE_EXISTING);
                }
                Files.writeString(configuration.resolve("storage.config"), "");
                Files.writeString(
                        folder.resolve("runroot.yaml"),
                        places.replace("CONFIGURATION", configuration.toString())
                                .replace("FOLDER", folder.toString()));
                Path state = Files.createDirectories(folder.resolve("state"));
                Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxrwxrwx"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return List.of("traffic_server", "--run-root=" + folder.resolve("runroot.yaml"));
        }
    },
    H2O("h2o", "h2o.conf") {
        @Override
        List<String> command(Path folder, int port) {
            return List.of("h2o", "-c", folder.resolve("h2o.conf").toString());
        }
    };

    private final String program;
    private final String files;

    Proxy(String program, String files) {
        this.program = program;
        this.files = files;
    }

    String program() {
        return program;
    }

    /** Its configuration, relative to docs/proxies. */
    List<String> files() {
        return List.of(files.split(" ", -1));
    }

    /**
     * The command that starts it, which prepares what else it needs.
     *
     * @param folder with copies of its files in which the addresses are right
     */
    abstract List<String> command(Path folder, int port);

    /** For what an ordinary user's process needs, and a service of the machine has. */
    private static void edit(Path file, String from, String to) {
        try {
            String text = Files.readString(file);
            if (!text.contains(from)) {
                throw new IllegalStateException(file + " has no " + from);
            }
            Files.writeString(file, text.replace(from, to));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
