package io.tailrace.service.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.jspecify.annotations.Nullable;

/**
 * Shows the metrics of one Kafka client among the meters of the process. Kafka makes it with the client, by its name, and
 * closes it with the client, also with one that could not be made. Thread-safe.
 */
public final class ClientMetricsReporter implements MetricsReporter {
    /** Of the client's configuration: a {@link Target}. */
    static final String TARGET = "tailrace.client-metrics.target";

    private final Map<MetricName, KafkaMetric> live = new HashMap<>();
    private @Nullable ClientMeters meters;
    private String client = "";
    private boolean closed;

    /**
     * Where to show them.
     *
     * @param label what the client of an id is called in meters
     */
    record Target(ClientMeters meters, UnaryOperator<String> label) {}

    @Override
    public synchronized void configure(Map<String, ?> configs) {
        Target target = (Target) Objects.requireNonNull(configs.get(TARGET), TARGET);
        meters = target.meters();
        client = target.label().apply(String.valueOf(configs.get(CommonClientConfigs.CLIENT_ID_CONFIG)));
    }

    @Override
    public void init(List<KafkaMetric> metrics) {
        metrics.forEach(this::metricChange);
    }

    @Override
    public synchronized void metricChange(KafkaMetric metric) {
        if (closed) {
            return;
        }
        KafkaMetric before = live.put(metric.metricName(), metric);
        if (before != null) {
            meters().remove(client, before);
        }
        meters().add(client, metric);
    }

    @Override
    public synchronized void metricRemoval(KafkaMetric metric) {
        KafkaMetric before = live.remove(metric.metricName());
        if (before != null) {
            meters().remove(client, before);
        }
    }

    /** Kafka removes no metric of a client that is closed, it closes its reporters. */
    @Override
    public synchronized void close() {
        closed = true;
        live.values().forEach(it -> meters().remove(client, it));
        live.clear();
    }

    private ClientMeters meters() {
        return Objects.requireNonNull(meters, "not configured");
    }
}
