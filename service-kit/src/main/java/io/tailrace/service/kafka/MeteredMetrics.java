package io.tailrace.service.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.stats.CumulativeSum;

/**
 * What one meter shows: the same metric of all clients that a purpose has. What those counted that are closed stays
 * counted, so a counter does not fall while one of them lives. Thread-safe; readers wait for nobody.
 */
final class MeteredMetrics {
    private record State(List<KafkaMetric> live, double ended) {}

    private final boolean counter;
    private final boolean worst;
    private volatile State state = new State(List.of(), 0);

    MeteredMetrics(KafkaMetric first) {
        this.counter = first.isMeasurable() && first.measurable() instanceof CumulativeSum;
        this.worst = ShownMetrics.isWorstOf(first.metricName());
    }

    boolean isCounter() {
        return counter;
    }

    synchronized void add(KafkaMetric metric) {
        List<KafkaMetric> live = new ArrayList<>(state.live());
        live.add(metric);
        state = new State(List.copyOf(live), state.ended());
    }

    /** Answers whether it was the last one. */
    synchronized boolean remove(KafkaMetric metric) {
        List<KafkaMetric> live = new ArrayList<>(state.live());
        if (live.removeIf(it -> it == metric)) {
            state = new State(List.copyOf(live), counter ? state.ended() + number(metric) : 0);
        }
        return live.isEmpty();
    }

    /** NaN while there is none that has measured anything. */
    double value() {
        State now = state;
        DoubleStream values =
                now.live().stream().mapToDouble(MeteredMetrics::number).filter(it -> !Double.isNaN(it));
        if (counter) {
            return now.ended() + values.sum();
        }
        double[] measured = values.toArray();
        if (measured.length == 0) {
            return Double.NaN;
        }
        return worst
                ? DoubleStream.of(measured).max().orElseThrow()
                : DoubleStream.of(measured).sum();
    }

    private static double number(KafkaMetric metric) {
        return metric.metricValue() instanceof Number number ? number.doubleValue() : Double.NaN;
    }
}
