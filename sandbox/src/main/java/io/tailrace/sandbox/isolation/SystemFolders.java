package io.tailrace.sandbox.isolation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What every build may read of the machine: its programs, their libraries, and the few files of {@code /etc} that programs need and that
 * hold no secret.
 */
final class SystemFolders {

    private static final Path USR = Path.of("/usr");
    private static final Path ETC = Path.of("/etc");

    /** Links into {@code /usr} on most machines. */
    private static final List<String> BESIDE_USR = List.of("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32");

    private static final List<String> OF_ETC = List.of(
            "alternatives",
            "bash.bashrc",
            "ca-certificates",
            "ca-certificates.conf",
            "debian_version",
            "fonts",
            "group",
            "host.conf",
            "hosts",
            "java*-openjdk",
            "ld.so.cache",
            "ld.so.conf",
            "ld.so.conf.d",
            "locale.alias",
            "locale.conf",
            "localtime",
            "magic",
            "mime.types",
            "networks",
            "nsswitch.conf",
            "os-release",
            "passwd",
            "perl",
            "pki/ca-trust",
            "pki/tls/certs",
            "profile",
            "protocols",
            "python3*",
            "rpc",
            "services",
            "shells",
            "ssl/certs",
            "ssl/openssl.cnf",
            "timezone");

    private SystemFolders() {}

    /** {@code /usr}, and real folders where most machines have links into it. */
    static List<Path> programs() {
        return Stream.concat(
                        Stream.of(USR), BESIDE_USR.stream().map(Path::of).filter(path -> !Files.isSymbolicLink(path)))
                .filter(Files::isDirectory)
                .toList();
    }

    /** Links beside {@code /usr}. */
    static List<Path> links() {
        return BESIDE_USR.stream().map(Path::of).filter(Files::isSymbolicLink).toList();
    }

    /** The settings that programs need. */
    static List<Path> settings() {
        List<Path> found = new ArrayList<>();
        for (String name : OF_ETC) {
            Path path = ETC.resolve(name);
            Path parent = path.getParent();
            if (parent == null || !Files.isDirectory(parent)) {
                continue;
            }
            try (DirectoryStream<Path> matches =
                    Files.newDirectoryStream(parent, path.getFileName().toString())) {
                matches.forEach(found::add);
            } catch (IOException e) {
                throw new UncheckedIOException(parent + " cannot be listed", e);
            }
        }
        return found;
    }
}
