package io.tailrace.systemtests;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The operator's one MCP server, a process of each turn-worker, and what it has written. Safe from any thread. */
final class NotesServer {
    private final Path folder;

    private NotesServer(Path folder) {
        this.folder = folder;
    }

    /** @param data where its program and its notes are to be */
    static NotesServer in(Path data) throws IOException {
        Path folder = Files.createDirectories(data.resolve("notes")).toRealPath();
        try (InputStream program = NotesServer.class.getResourceAsStream("notes-server.py")) {
            if (program == null) {
                throw new IOException("notes-server.py is not among the tests' resources");
            }
            Files.write(folder.resolve("server.py"), program.readAllBytes());
        }
        return new NotesServer(folder);
    }

    /** The operator's file that names it. */
    Path file() throws IOException {
        return Files.writeString(folder.resolve("servers.yaml"), """
                servers:
                  notes:
                    command: [python3, %s/server.py, %s/notes.txt]
                    writable_paths: [%s]
                    timeout_seconds: 30
                """.formatted(folder, folder, folder));
    }

    /** The notes with this mark: key and text. */
    List<String> notes(String mark) throws IOException {
        Path notes = folder.resolve("notes.txt");
        return Files.exists(notes)
                ? Files.readAllLines(notes).stream()
                        .filter(it -> it.contains(mark))
                        .toList()
                : List.of();
    }
}
