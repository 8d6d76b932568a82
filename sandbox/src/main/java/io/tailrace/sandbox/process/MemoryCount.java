package io.tailrace.sandbox.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How much memory the processes of a build hold together. A page that several of them share counts once: each is charged with its
 * proportional part. Of memory that is shared as such, the larger counts of what is mapped, and what lies in files in memory (of {@code
 * memfd_create}, and of the build's {@code /dev/shm}), whether anybody maps them or not. Pages of files on a disk do not count: the kernel
 * takes them back when it needs them.
 *
 * <p>Sources: {@code proc_pid_status(5)}, {@code proc_pid_smaps(5)}, {@code memfd_create(2)}.
 */
final class MemoryCount {

    /** Of one build: a look at more of them would keep the count from other builds. */
    private static final int MAX_DESCRIPTORS = 20_000;

    private static final String IN_MEMORY = "/memfd:";
    private static final long KIBIBYTE = 1024;

    private final Map<Long, Long> filesInMemory = new HashMap<>();
    private int descriptors;

    private MemoryCount() {}

    /**
     * Counts.
     *
     * @param sharedMemory the build's own {@code /dev/shm}, where it has one
     * @param exactAbove the cheap count, which counts shared pages for each process, is enough up to here
     */
    static long bytes(Collection<Long> pids, Optional<Path> sharedMemory, long exactAbove) {
        MemoryCount count = new MemoryCount();
        pids.forEach(count::lookForFiles);
        long inFiles =
                count.filesInMemory.values().stream().mapToLong(Long::longValue).sum()
                        + sharedMemory.map(MemoryCount::used).orElse(0L);
        long atMost = pids.stream().mapToLong(MemoryCount::resident).sum() + inFiles;
        if (atMost <= exactAbove) {
            return atMost;
        }
        long own = 0;
        long mapped = 0;
        for (long pid : pids) {
            Optional<Map<String, Long>> rollup = ProcessTable.fields(pid, "smaps_rollup");
            if (rollup.filter(it -> it.containsKey("Pss_Anon")).isPresent()) {
                own += sum(rollup.get(), "Pss_Anon", "SwapPss");
                mapped += sum(rollup.get(), "Pss_Shmem");
            } else {
                own += resident(pid);
            }
        }
        return own + Math.max(mapped, inFiles);
    }

    private static long resident(long pid) {
        return ProcessTable.fields(pid, "status")
                .map(fields -> sum(fields, "RssAnon", "RssShmem", "VmSwap"))
                .orElse(0L);
    }

    private static long sum(Map<String, Long> fields, String... names) {
        long kibibytes = 0;
        for (String name : names) {
            kibibytes += fields.getOrDefault(name, 0L);
        }
        return kibibytes * KIBIBYTE;
    }

    private static long used(Path sharedMemory) {
        return sharedMemory.toFile().getTotalSpace() - sharedMemory.toFile().getFreeSpace();
    }

    private void lookForFiles(long pid) {
        try (DirectoryStream<Path> open =
                Files.newDirectoryStream(ProcessTable.folder(pid).resolve("fd"))) {
            for (Path descriptor : open) {
                descriptors++;
                if (descriptors > MAX_DESCRIPTORS) {
                    return;
                }
                if (isInMemory(descriptor)) {
                    Posix.allocated(descriptor).ifPresent(it -> filesInMemory.put(it.inode(), it.bytes()));
                }
            }
        } catch (IOException | DirectoryIteratorException | UncheckedIOException e) {
            return; // the process has ended meanwhile, or belongs to somebody else
        }
    }

    private static boolean isInMemory(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith(IN_MEMORY);
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }
}
