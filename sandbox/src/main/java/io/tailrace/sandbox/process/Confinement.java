package io.tailrace.sandbox.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What stands between a build's commands and the machine. Implementations only write command lines, and are safe from any thread. */
public interface Confinement {

    /** Every command sees and may do what the worker may. */
    Confinement NONE = new Confinement() {
        @Override
        public Optional<List<String>> holder(BuildScope scope) {
            return Optional.empty();
        }

        @Override
        public List<String> wrap(List<String> command, BuildScope scope, OptionalLong holder) {
            return command;
        }

        @Override
        public boolean sees(Path file, BuildScope scope) {
            return true;
        }
    };

    /**
     * The command that makes a build's namespaces and keeps them for as long as its standard input is open. It prints one line when they
     * are ready; its only child is then the first process inside. Empty where a build has none of its own.
     */
    Optional<List<String>> holder(BuildScope scope);

    /**
     * The command line that runs a command inside.
     *
     * @param command the program by its full path, and its arguments
     * @param holder the first process of the build's namespaces, where it has any
     */
    List<String> wrap(List<String> command, BuildScope scope, OptionalLong holder);

    /** Whether this file exists for the build's commands, if it exists at all. */
    boolean sees(Path file, BuildScope scope);
}
