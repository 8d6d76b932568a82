package io.tailrace.build.process;

/** A command could not be started; the message tells its author what to do. */
public final class CommandNotStarted extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;

    private CommandNotStarted(String code, String message) {
        super(message);
        this.code = code;
    }

    static CommandNotStarted notFound(String message) {
        return new CommandNotStarted("program_not_found", message);
    }

    static CommandNotStarted notExecutable(String message) {
        return new CommandNotStarted("program_not_executable", message);
    }

    static CommandNotStarted folderMissing() {
        return new CommandNotStarted(
                "working_folder_missing",
                "The build's working folder is gone: an earlier phase removed it. Remove files inside of it, not the folder.");
    }

    static CommandNotStarted refused(String message) {
        return new CommandNotStarted(
                "command_not_started",
                "The operating system did not start the command: " + message + ". Check argv and environment.");
    }

    /** A stable, machine-readable code in snake_case. */
    public String code() {
        return code;
    }

    /** What is wrong and how to mend it; never null. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
