package io.tailrace.cli.chat;

import java.lang.reflect.Proxy;

/** Ctrl-C as an event, where this Java has such a thing. */
final class Interrupts {
    private Interrupts() {}

    /** From now on Ctrl-C does this, and does not end the process. */
    static void handle(Runnable action) {
        try {
            // Part of every JDK, but not of the platform's API: named by reflection, and done without where it is
            // missing.
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    Interrupts.class.getClassLoader(), new Class<?>[] {handler}, (it, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            action.run();
                            return null;
                        }
                        return switch (method.getName()) {
                            case "hashCode" -> System.identityHashCode(it);
                            case "equals" -> System.identityHashCode(it) == System.identityHashCode(arguments[0]);
                            default -> "handler of Ctrl-C";
                        };
                    });
            Object _ = signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("INT"), proxy);
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            System.err.println("tailrace: Ctrl-C ends this command at once: " + e);
        }
    }
}
