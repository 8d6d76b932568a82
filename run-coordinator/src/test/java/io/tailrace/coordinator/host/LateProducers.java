package io.tailrace.coordinator.host;

import io.tailrace.events.log.Topic;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Producers of which one can be told that its next commit with a lifecycle event times out. From then on it is as a real
 * one is: nothing but the commit can be tried again. The commit itself is sent when a test says so.
 */
final class LateProducers {
    private final AtomicBoolean armed = new AtomicBoolean();
    private final AtomicBoolean armedForOffsets = new AtomicBoolean();
    private final CountDownLatch timedOut = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final List<Producer<byte[], byte[]>> made = new CopyOnWriteArrayList<>();
    private volatile @Nullable Producer<byte[], byte[]> late;
    private volatile boolean goesThroughAtOnce;
    private volatile boolean neverCloses;

    /** The next offsets of a transaction with a lifecycle event time out; the transaction stays open, as a real one does. */
    void nextOffsetsTimeOut() {
        armedForOffsets.set(true);
    }

    void nextCommitTimesOut() {
        armed.set(true);
    }

    /** The broker gets the commit, but its answer comes too late. */
    void goesThroughAtOnce() {
        goesThroughAtOnce = true;
    }

    void neverClose() {
        neverCloses = true;
    }

    void awaitTimeout() throws InterruptedException {
        if (!timedOut.await(40, TimeUnit.SECONDS)) {
            throw new AssertionError("no commit");
        }
    }

    /** Sends the commit that timed out. */
    void commitLate() {
        Producer<byte[], byte[]> producer = late;
        if (producer == null) {
            throw new AssertionError("nothing has timed out");
        }
        producer.commitTransaction();
    }

    /** Lets closes return, and closes all. */
    void release() {
        neverCloses = false;
        release.countDown();
        made.forEach(it -> it.close(java.time.Duration.ZERO));
    }

    @SuppressWarnings("unchecked")
    Producer<byte[], byte[]> make(Map<String, Object> config) {
        Producer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
        made.add(producer);
        Call call = new Call(producer);
        return (Producer<byte[], byte[]>) Proxy.newProxyInstance(
                LateProducers.class.getClassLoader(),
                new Class<?>[] {Producer.class},
                (_, method, arguments) -> call.of(method, arguments));
    }

    private final class Call {
        private final Producer<byte[], byte[]> producer;
        private boolean lifecycle;
        private boolean pending;

        Call(Producer<byte[], byte[]> producer) {
            this.producer = producer;
        }

        @Nullable
        Object of(Method method, Object @Nullable [] arguments) throws Throwable {
            switch (method.getName()) {
                case "send" -> {
                    rejectIfPending(method);
                    lifecycle |= arguments != null
                            && arguments[0] instanceof ProducerRecord<?, ?> record
                            && record.topic().equals(Topic.RUN_EVENTS.topicName());
                }
                case "commitTransaction" -> timeOutIfWanted();
                case "sendOffsetsToTransaction" -> {
                    rejectIfPending(method);
                    if (lifecycle && armedForOffsets.compareAndSet(true, false)) {
                        timedOut.countDown();
                        throw new TimeoutException("Timeout expired while awaiting AddOffsetsToTxn");
                    }
                }
                case "abortTransaction", "beginTransaction" -> rejectIfPending(method);
                case "close" -> {
                    if (pending) {
                        return closePending();
                    }
                }
                default -> {}
            }
            try {
                return method.invoke(producer, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }

        private void timeOutIfWanted() {
            if (!pending && lifecycle && armed.compareAndSet(true, false)) {
                pending = true;
                late = producer;
                if (goesThroughAtOnce) {
                    producer.commitTransaction();
                }
                timedOut.countDown();
            }
            if (pending) {
                throw new TimeoutException("Timeout expired while awaiting EndTxn(true)");
            }
        }

        private void rejectIfPending(Method method) {
            if (pending) {
                throw new IllegalStateException("Cannot attempt operation `" + method.getName()
                        + "` because the previous call to `commitTransaction` timed out and must be retried");
            }
        }

        private @Nullable Object closePending() throws InterruptedException {
            if (neverCloses) {
                release.await();
            }
            return null;
        }
    }
}
