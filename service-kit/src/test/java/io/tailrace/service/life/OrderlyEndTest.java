package io.tailrace.service.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.springframework.context.support.GenericApplicationContext;

/** How a process ends itself. */
class OrderlyEndTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final List<String> ends = new CopyOnWriteArrayList<>();
    private final GenericApplicationContext context = new GenericApplicationContext();

    private OrderlyEnd end(Duration within) {
        return end(context, within);
    }

    private OrderlyEnd end(GenericApplicationContext ending, Duration within) {
        return new OrderlyEnd(ending, within, code -> ends.add("exit " + code), code -> ends.add("halt " + code));
    }

    @Test
    void closesTheContextAndSaysByItsCodeWhetherTheNextCanWork() {
        context.refresh();
        OrderlyEnd end = end(Duration.ofMinutes(1));
        end.end(ProcessEnd.MISCONFIGURED, "for the test");
        end.end(ProcessEnd.FAILED, "a second reason");
        await().atMost(SOON).until(() -> !ends.isEmpty());
        assertThat(context.isActive()).isFalse();
        assertThat(ends).containsExactly("exit 2");
    }

    @Test
    void anErrorWhileItClosesEndsItTooWithItsCode() {
        GenericApplicationContext broken = new GenericApplicationContext() {
            @Override
            protected void onClose() {
                throw new NoClassDefFoundError("for the test");
            }
        };
        broken.refresh();
        end(broken, Duration.ofMinutes(1)).end(ProcessEnd.FAILED, "for the test");
        await().atMost(SOON).until(() -> !ends.isEmpty());
        assertThat(ends).containsExactly("exit 3");
    }

    @Test
    void whatDoesNotCloseIsEndedWhenTheTimeIsUp() {
        CountDownLatch never = new CountDownLatch(1);
        context.registerBean(AutoCloseable.class, () -> () -> never.await());
        context.refresh();
        context.getBean(AutoCloseable.class);
        end(Duration.ofMillis(50)).end(ProcessEnd.FAILED, "for the test");
        await().atMost(SOON).until(() -> ends.contains("halt 3"));
        assertThat(ends).containsExactly("halt 3");
        never.countDown();
    }
}
