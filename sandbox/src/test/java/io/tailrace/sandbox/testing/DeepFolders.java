package io.tailrace.sandbox.testing;

import java.io.IOException;
import java.nio.file.Path;

/** Folders within folders, made from within: no path could name the innermost. */
public final class DeepFolders {

    private static final String SCRIPT = """
            import os, sys
            os.chdir(sys.argv[1])
            for i in range(int(sys.argv[2])):
                os.mkdir('moved-1')
                open('file', 'w').close()
                os.symlink('/', 'link')
                if len(sys.argv) > 3:
                    inside = os.open('moved-1', os.O_RDONLY)
                    os.chmod('moved-1', 0)
                    os.fchdir(inside) if os.getuid() == 0 else sys.exit()
                    os.close(inside)
                else:
                    os.chdir('moved-1')
            """;

    private DeepFolders() {}

    /** Makes so many levels. */
    public static void make(Path folder, int levels) throws IOException, InterruptedException {
        run("python3", "-c", SCRIPT, folder.toString(), Integer.toString(levels));
    }

    /** The same, and nobody may enter any of them. */
    public static void makeForbidden(Path folder, int levels) throws IOException, InterruptedException {
        run("python3", "-c", SCRIPT, folder.toString(), Integer.toString(levels), "forbidden");
    }

    /** Runs a command, which has to succeed. */
    public static void run(String... command) throws IOException, InterruptedException {
        int status = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (status != 0) {
            throw new IOException(command[0] + " ended with " + status);
        }
    }
}
