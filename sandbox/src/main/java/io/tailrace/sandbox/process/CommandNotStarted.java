package io.tailrace.sandbox.process;

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

    static CommandNotStarted notVisible(String message) {
        return new CommandNotStarted("program_not_visible", message);
    }

    static CommandNotStarted notIsolated(String message) {
        return new CommandNotStarted(
                "isolation_failed",
                "The build cannot be isolated on this worker: " + message
                        + ". Its operator finds the reasons in the worker's health details.");
    }

    /** A variable that the command asks for by reference is not to be had. */
    public static CommandNotStarted secretMissing(String name) {
        return new CommandNotStarted(
                "secret_not_allowed",
                "The phase asks for the secret \"" + name
                        + "\", which this worker does not hand out. Let its operator add the name to tailrace.worker.secrets, "
                        + "or correct the reference.");
    }

    static CommandNotStarted notEncodable(String encoding) {
        return new CommandNotStarted(
                "command_not_encodable",
                "argv or the environment has characters that this worker cannot pass on: its encoding is " + encoding
                        + ". Where that is not UTF-8, let its operator start it with LC_ALL=C.UTF-8.");
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
