package io.tailrace.sandbox.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The system calls that Java has no method for. Safe from any thread.
 *
 * <p>Sources: {@code prctl(2)} PR_SET_CHILD_SUBREAPER, {@code kill(2)}, {@code waitpid(2)}, {@code statx(2)}, {@code open(2)} O_PATH.
 */
final class Posix {

    static final int SIGKILL = 9;
    static final int SIGTERM = 15;
    static final int SIGCONT = 18;
    static final int SIGSTOP = 19;

    private static final int PR_SET_CHILD_SUBREAPER = 36;
    private static final int AT_FDCWD = -100;
    private static final int STATX_INO_AND_BLOCKS = 0x500;

    /** Of {@code struct statx}, which is the same on every processor. */
    private static final long STATX_BYTES = 256;

    private static final long STATX_INO = 32;
    private static final long STATX_BLOCKS = 48;
    private static final long BLOCK_BYTES = 512;
    private static final int WNOHANG = 1;
    private static final int ESRCH = 3;
    private static final int O_CLOEXEC = 0x80000;
    private static final int O_PATH = 0x200000;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle KILL = handle(
            "kill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), Linker.Option.captureCallState("errno"));
    private static final MethodHandle WAITPID =
            handle("waitpid", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle PRCTL = handle(
            "prctl",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.firstVariadicArg(1));
    private static final MethodHandle STATX =
            handle("statx", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));

    private static final MethodHandle OPEN =
            handle("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE = handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private Posix() {}

    /** From now on a process whose parent ends becomes a child of this JVM, if this JVM is among its ancestors. */
    static void becomeSubreaper() {
        int result = call(() -> (int) PRCTL.invokeExact(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L));
        if (result != 0) {
            throw new IllegalStateException(
                    "prctl(PR_SET_CHILD_SUBREAPER) was refused: a build's background processes could not be ended");
        }
    }

    /**
     * Sends a signal.
     *
     * @param pid a process, or minus the id of a process group
     * @return whether the signal was sent; false when there is no such process (any more) or it may not be signalled
     */
    static boolean signal(long pid, int signal) {
        return errnoOfKill(pid, signal) == 0;
    }

    /** Whether the process is there but belongs to somebody else, so that no signal of ours reaches it. */
    static boolean isOutOfReach(long pid) {
        int errno = errnoOfKill(pid, 0);
        return errno != 0 && errno != ESRCH;
    }

    private static int errnoOfKill(long pid, int signal) {
        if (pid == 0 || pid == -1 || pid == 1) {
            throw new IllegalArgumentException("pid " + pid + " is not one process");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int result = call(() -> (int) KILL.invokeExact(state, (int) pid, signal));
            return result == 0 ? 0 : (int) ERRNO.get(state, 0L);
        }
    }

    /** What a file takes up; nothing when it is gone or may not be looked at. Follows links. */
    static Optional<Allocated> allocated(Path file) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment path = arena.allocateFrom(file.toString());
            MemorySegment stat = arena.allocate(STATX_BYTES, Long.BYTES);
            int result = call(() -> (int) STATX.invokeExact(AT_FDCWD, path, 0, STATX_INO_AND_BLOCKS, stat));
            return result == 0
                    ? Optional.of(new Allocated(
                            stat.get(JAVA_LONG, STATX_INO), stat.get(JAVA_LONG, STATX_BLOCKS) * BLOCK_BYTES))
                    : Optional.empty();
        }
    }

    /** @param bytes that are there: those of a hole are not */
    record Allocated(long inode, long bytes) {}

    /**
     * A descriptor that stands for what has this name now, and opens nothing. To be {@linkplain #close closed}.
     *
     * @param followLinks whether a link stands for what it leads to
     * @return negative when there is no such file or it may not be reached
     */
    static int pin(Path file, boolean followLinks) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment path = arena.allocateFrom(file.toString());
            int flags = O_PATH | O_CLOEXEC | (followLinks ? 0 : noFollow());
            return call(() -> (int) OPEN.invokeExact(path, flags));
        }
    }

    static void close(int descriptor) {
        int _ = call(() -> (int) CLOSE.invokeExact(descriptor));
    }

    /** The one flag that differs between the processors that Java runs on. */
    private static int noFollow() {
        return switch (System.getProperty("os.arch")) {
            case "aarch64", "arm", "ppc64", "ppc64le" -> 0x8000;
            default -> 0x20000;
        };
    }

    /** Takes the exit status of a child that has ended, so that it leaves the process table; does not wait. */
    static void reap(long pid) {
        call(() -> (int) WAITPID.invokeExact((int) pid, MemorySegment.NULL, WNOHANG));
    }

    @SuppressWarnings("restricted") // the descriptors above are those of the manual pages
    private static MethodHandle handle(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
    }

    private static int call(NativeCall call) {
        try {
            return call.run();
        } catch (Throwable e) {
            throw new IllegalStateException("a system call could not be made", e);
        }
    }

    private interface NativeCall {
        int run() throws Throwable;
    }
}
