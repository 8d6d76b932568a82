package io.tailrace.local.process;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;

/** Runs the main class named by the first argument, in a process that does not outlive its parent. */
public final class AttachedMain {

    private AttachedMain() {}

    public static void main(String[] args) throws ReflectiveOperationException {
        ParentWatch.start();
        Method main = Class.forName(args[0]).getMethod("main", String[].class);
        try {
            main.invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
        } catch (InvocationTargetException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw failed;
        }
    }
}
