package io.tailrace.turn.provider.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.turn.provider.CallEnd;
import io.tailrace.turn.provider.CallTimeouts;
import io.tailrace.turn.provider.FailureCode;
import io.tailrace.turn.provider.FinishReason;
import io.tailrace.turn.provider.ModelDelta;
import io.tailrace.turn.provider.ProviderCall;
import io.tailrace.turn.provider.ProviderFailure;
import io.tailrace.turn.provider.Usage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StreamedCallTest {

    private static final CallTimeouts PATIENT =
            new CallTimeouts(Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(1));

    private final Watchdog watchdog = new Watchdog();
    private final List<ModelDelta> deltas = new ArrayList<>();

    @AfterEach
    void close() {
        watchdog.close();
    }

    @Test
    void anAnswerIsCompleteWhenTheProviderSaysSo() {
        CallEnd end = run(exchange -> {
            exchange.emit(text("a"));
            exchange.finished(FinishReason.STOP);
            exchange.usage(Usage.of(1, 2));
        });

        assertThat(end).isEqualTo(new CallEnd.Finished(FinishReason.STOP, Usage.of(1, 2)));
        assertThat(deltas).containsExactly(text("a"));
    }

    @Test
    void aStreamThatJustEndsIsAFailure() {
        CallEnd end = run(exchange -> {
            exchange.emit(text("a"));
            exchange.usage(Usage.of(1, 2));
        });

        assertThat(end).isInstanceOfSatisfying(CallEnd.Failed.class, failed -> {
            assertThat(failed.failure().code()).isEqualTo(FailureCode.PROVIDER_ERROR);
            assertThat(failed.failure().recoverable()).isTrue();
            assertThat(failed.failure().message()).contains("stream ended early");
            assertThat(failed.partial()).contains(Usage.of(1, 2));
        });
    }

    @Test
    void whatBreaksAfterTheTerminalEventTakesNothingBack() {
        CallEnd end = run(exchange -> {
            exchange.finished(FinishReason.STOP);
            throw new IOException("reset");
        });

        assertThat(end).isEqualTo(new CallEnd.Finished(FinishReason.STOP, Usage.unknown()));
    }

    @Test
    void aCancelThatLooksLikeAnOrderlyEndIsACancel() {
        CountDownLatch closed = new CountDownLatch(1);
        AtomicInteger closes = new AtomicInteger();
        ProviderCall call = call(PATIENT, exchange -> {
            exchange.closeWith(() -> {
                closes.incrementAndGet();
                closed.countDown();
            });
            exchange.emit(text("a"));
            closed.await();
        });

        CallEnd end = call.run(delta -> {
            deltas.add(delta);
            Thread.ofVirtual().start(() -> {
                call.cancel();
                call.cancel();
            });
        });

        assertThat(end).isInstanceOf(CallEnd.Canceled.class);
        assertThat(closes).hasValue(1);
    }

    @Test
    void aCancelWinsOverACompleteAnswer() {
        ProviderCall call = call(PATIENT, exchange -> {
            exchange.emit(text("a"));
            exchange.finished(FinishReason.STOP);
        });

        assertThat(call.run(_ -> call.cancel())).isInstanceOf(CallEnd.Canceled.class);
    }

    @Test
    void nothingIsHandedOnAfterACancel() {
        ProviderCall call = call(PATIENT, exchange -> {
            exchange.emit(text("a"));
            exchange.emit(text("b"));
        });

        CallEnd end = call.run(delta -> {
            deltas.add(delta);
            call.cancel();
        });

        assertThat(end).isInstanceOf(CallEnd.Canceled.class);
        assertThat(deltas).containsExactly(text("a"));
    }

    @Test
    void aCallThatIsCanceledBeforeItRunsAsksNobody() {
        AtomicInteger conversations = new AtomicInteger();
        ProviderCall call = call(PATIENT, _ -> conversations.incrementAndGet());

        call.cancel();

        assertThat(call.run(deltas::add)).isInstanceOf(CallEnd.Canceled.class);
        assertThat(conversations).hasValue(0);
    }

    @Test
    void eachSilenceHasItsTimeout() {
        CallTimeouts first = new CallTimeouts(Duration.ofMillis(30), Duration.ofMinutes(1), Duration.ofMinutes(1));
        CallTimeouts between = new CallTimeouts(Duration.ofMinutes(1), Duration.ofMillis(30), Duration.ofMinutes(1));
        CallTimeouts total = new CallTimeouts(Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMillis(30));

        assertThat(timeoutOf(first, List.of())).isEqualTo("first_byte");
        assertThat(timeoutOf(between, List.of(text("a")))).isEqualTo("between_bytes");
        assertThat(timeoutOf(total, List.of(text("a")))).isEqualTo("total");
    }

    private String timeoutOf(CallTimeouts timeouts, List<ModelDelta> before) {
        CallEnd end = call(timeouts, exchange -> {
                    CountDownLatch closed = new CountDownLatch(1);
                    exchange.closeWith(closed::countDown);
                    before.forEach(exchange::emit);
                    closed.await();
                    throw new IOException("closed");
                })
                .run(deltas::add);
        ProviderFailure failure = ((CallEnd.Failed) end).failure();
        assertThat(failure.code()).isEqualTo(FailureCode.TIMEOUT);
        assertThat(failure.recoverable()).isTrue();
        assertThat(failure.message()).contains("30 ms");
        return String.valueOf(failure.details().get("timeout"));
    }

    @Test
    void aStreamThatStaysOpenAfterTheTerminalEventIsLeftSoon() {
        CallEnd end = run(exchange -> {
            CountDownLatch closed = new CountDownLatch(1);
            exchange.closeWith(closed::countDown);
            exchange.finished(FinishReason.STOP);
            closed.await();
        });

        assertThat(end).isEqualTo(new CallEnd.Finished(FinishReason.STOP, Usage.unknown()));
    }

    @Test
    void aSlowSinkIsNotTheProvidersSilence() {
        CallTimeouts strict = new CallTimeouts(Duration.ofMinutes(1), Duration.ofSeconds(1), Duration.ofMinutes(1));
        CountDownLatch never = new CountDownLatch(1);

        CallEnd end = call(strict, exchange -> {
                    exchange.emit(text("a"));
                    exchange.emit(text("b"));
                    exchange.finished(FinishReason.STOP);
                })
                .run(_ -> assertThat(uninterrupted(never)).isFalse());

        assertThat(end).isInstanceOf(CallEnd.Finished.class);
    }

    private static boolean uninterrupted(CountDownLatch latch) {
        try {
            return latch.await(1500, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatTheSinkThrowsClosesTheExchangeAndIsThrown() {
        AtomicInteger closes = new AtomicInteger();
        ProviderCall call = call(PATIENT, exchange -> {
            exchange.closeWith(closes::incrementAndGet);
            exchange.emit(text("a"));
        });

        assertThatThrownBy(() -> call.run(_ -> {
                    throw new IllegalStateException("fenced");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("fenced");
        assertThat(closes).hasValue(1);
    }

    @Test
    void anInterruptIsARecoverableFailureAndStaysSet() {
        Thread.currentThread().interrupt();

        CallEnd end = run(_ -> new CountDownLatch(1).await());

        assertThat(Thread.interrupted()).isTrue();
        assertThat(((CallEnd.Failed) end).failure().recoverable()).isTrue();
        assertThat(((CallEnd.Failed) end).failure().message()).contains("interrupted");
    }

    @Test
    void deltasWithoutContentAreDropped() {
        run(exchange -> {
            exchange.emit(text(""));
            exchange.emit(new ModelDelta.Reasoning(""));
            exchange.emit(new ModelDelta.ToolCall(0, "id", "name", ""));
        });

        assertThat(deltas).containsExactly(new ModelDelta.ToolCall(0, "id", "name", ""));
    }

    @Test
    void aCallRunsOnce() {
        ProviderCall call = call(PATIENT, _ -> {});
        call.run(deltas::add);

        assertThatThrownBy(() -> call.run(deltas::add)).isInstanceOf(IllegalStateException.class);
    }

    /** Thrown on, it would look like a worker that fails, and the call would be made again and again. */
    @Test
    void aFailureThatCannotBeExplainedIsAFailureOfTheCall() {
        CallEnd end = run(_ -> {
            throw new UnsupportedOperationException();
        });

        assertThat(end).isInstanceOfSatisfying(CallEnd.Failed.class, failed -> {
            assertThat(failed.failure().code()).isEqualTo(FailureCode.PROVIDER_ERROR);
            assertThat(failed.failure().message()).contains("\"test\"");
        });
    }

    private CallEnd run(Talk talk) {
        return call(PATIENT, talk).run(deltas::add);
    }

    private ProviderCall call(CallTimeouts timeouts, Talk talk) {
        return new StreamedCall(
                "test",
                timeouts,
                new AdapterCall() {
                    @Override
                    public void perform(Exchange exchange) throws Exception {
                        talk.perform(exchange);
                    }

                    @Override
                    public ProviderFailure explain(Exception error) {
                        if (error instanceof UnsupportedOperationException) {
                            throw new IllegalStateException("nobody thought of it", error);
                        }
                        return ProviderFailure.of(FailureCode.PROVIDER_ERROR, "explained: " + error, true);
                    }
                },
                watchdog);
    }

    @FunctionalInterface
    private interface Talk {
        void perform(Exchange exchange) throws Exception;
    }

    private static ModelDelta.Text text(String text) {
        return new ModelDelta.Text(text);
    }
}
