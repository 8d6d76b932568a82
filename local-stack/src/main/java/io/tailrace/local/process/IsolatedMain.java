package io.tailrace.local.process;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Runs a main class from jars that are not on the class path (first argument, as a class path; the second is the class).
 * What the JVM records of such a run for an AOT cache concerns the class path alone.
 */
public final class IsolatedMain {

    private IsolatedMain() {}

    public static void main(String[] args) throws ReflectiveOperationException, MalformedURLException {
        String[] entries = args[0].split(File.pathSeparator, -1);
        URL[] jars = new URL[entries.length];
        for (int i = 0; i < entries.length; i++) {
            jars[i] = Path.of(entries[i]).toUri().toURL();
        }
        @SuppressWarnings("resource") // open as long as the process
        URLClassLoader loader = new URLClassLoader(jars, IsolatedMain.class.getClassLoader());
        Thread.currentThread().setContextClassLoader(loader);
        try {
            Class.forName(args[1], true, loader)
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) Arrays.copyOfRange(args, 2, args.length));
        } catch (InvocationTargetException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw failed;
        }
    }
}
