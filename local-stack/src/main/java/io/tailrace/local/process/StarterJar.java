package io.tailrace.local.process;

import io.tailrace.local.folder.WholeFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.LocalDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A jar of the few classes of ours that stand before a service's main class. Made here, byte for byte the same as long as
 * those classes are, so that it can stand first on a class path that an AOT cache was made for.
 */
final class StarterJar {

    private static final List<Class<?>> CLASSES = List.of(AttachedMain.class, IsolatedMain.class, ParentWatch.class);
    private static final LocalDateTime DATE = LocalDateTime.of(2000, 1, 1, 0, 0);

    private StarterJar() {}

    /** The jar in this folder, which is made if need be. */
    static Path in(Path folder) throws IOException {
        byte[] content = content();
        CRC32 checksum = new CRC32();
        checksum.update(content);
        Path jar = folder.resolve("starter-" + HexFormat.of().toHexDigits((int) checksum.getValue()) + ".jar");
        if (!Files.exists(jar)) {
            Files.createDirectories(folder);
            Path fresh = folder.resolve(
                    jar.getFileName() + "." + ProcessHandle.current().pid());
            Files.write(fresh, content);
            Files.setLastModifiedTime(fresh, FileTime.fromMillis(0));
            WholeFiles.replace(jar, fresh);
        }
        return jar;
    }

    private static byte[] content() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Class<?> type : CLASSES) {
                String path = type.getName().replace('.', '/') + ".class";
                ZipEntry entry = new ZipEntry(path);
                entry.setTimeLocal(DATE);
                zip.putNextEntry(entry);
                try (InputStream code = type.getResourceAsStream("/" + path)) {
                    if (code == null) {
                        throw new IOException("the class file of " + type + " cannot be found");
                    }
                    code.transferTo(zip);
                }
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }
}
