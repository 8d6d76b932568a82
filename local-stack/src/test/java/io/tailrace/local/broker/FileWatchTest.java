package io.tailrace.local.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a replaced file is taken up. */
class FileWatchTest {

    private final AtomicInteger tries = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();

    private void take() {
        tries.incrementAndGet();
        if (failures.getAndUpdate(it -> Math.max(0, it - 1)) > 0) {
            throw new IllegalStateException("not now");
        }
    }

    @Test
    void whatCouldNotBeTakenUpIsTriedAgainUntilItIs(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("certificate"), "one");
        FileWatch watch = new FileWatch(file, this::take);
        watch.look();
        assertThat(tries).hasValue(0);

        failures.set(2);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
        for (int i = 1; i <= 3; i++) {
            watch.look();
            assertThat(tries).hasValue(i);
        }
        watch.look();
        assertThat(tries).as("the third one took it up").hasValue(3);
    }

    @Test
    void oneThatIsAwayForAMomentIsTakenUpWhenItIsBack(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("certificate"), "one");
        FileWatch watch = new FileWatch(file, this::take);
        Files.delete(file);
        watch.look();
        assertThat(tries).hasValue(0);
        Files.writeString(file, "two");
        Files.setLastModifiedTime(file, FileTime.fromMillis(2_000));
        watch.look();
        assertThat(tries).hasValue(1);
    }
}
