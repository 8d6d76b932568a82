package io.tailrace.service.life;

/** Why a process ends itself; its exit code tells whoever supervises it (docs/operations.md). */
public enum ProcessEnd {
    /** The configuration is wrong, or the log contradicts it: the next process would end too, as far as this one knows. */
    MISCONFIGURED(2),
    /** Something failed, or was not mended from within: the next process can work. */
    FAILED(3);

    private final int exitCode;

    ProcessEnd(int exitCode) {
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
