package io.tailrace.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DemoWorkersTest {
    private final DemoWorkers workers = DemoWorkers.marked("12ab");

    @Test
    void ourOwnAreKnownByTheirMarkAndNobodyElses() {
        assertThat(workers.name(workers.id("turn-worker-2") + "-8f00aa11")).contains("turn-worker-2");
        assertThat(workers.name("turn-worker-2-8f00aa11")).isEmpty();
        assertThat(workers.name(DemoWorkers.marked("12abc").id("turn-worker-2") + "-8f00aa11"))
                .isEmpty();
        assertThat(DemoWorkers.shown(workers.id("turn-worker-1") + "-8f00aa11")).isEqualTo("turn-worker-1");
        assertThat(DemoWorkers.shown("somebody-8f00aa11")).isEqualTo("somebody-8f00aa11");
    }
}
