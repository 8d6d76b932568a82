package io.tailrace.service.kafka;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.KafkaMetric;

/**
 * The meters of all Kafka clients of the process, {@code kafka.…{client="purpose"}}. A meter is there as long as a client
 * of its purpose is. Thread-safe.
 */
final class ClientMeters {
    private record Key(String name, Tags tags) {}

    private record Registered(MeteredMetrics metrics, Meter meter) {}

    private final MeterRegistry registry;
    private final ShownMetrics choice;
    private final Map<Key, Registered> registered = new HashMap<>();

    ClientMeters(MeterRegistry registry, ShownMetrics choice) {
        this.registry = registry;
        this.choice = choice;
    }

    /** Shows a metric of a client with this label, if it is one that is shown. */
    void add(String client, KafkaMetric metric) {
        shown(client, metric, this::add);
    }

    /** It ends. */
    void remove(String client, KafkaMetric metric) {
        shown(client, metric, this::remove);
    }

    private void shown(String client, KafkaMetric metric, BiConsumer<Key, KafkaMetric> then) {
        MetricName name = metric.metricName();
        Optional<ShownMetrics.Shown> found = choice.shown(name);
        if (found.isPresent()) {
            Tags tags = Tags.of("client", client);
            for (String tag : found.get().tags()) {
                tags = tags.and(Tag.of(tag.replace('-', '_'), name.tags().getOrDefault(tag, "")));
            }
            then.accept(new Key(found.get().name(), tags), metric);
        }
    }

    private synchronized void add(Key key, KafkaMetric metric) {
        Registered present = registered.get(key);
        if (present == null) {
            MeteredMetrics metrics = new MeteredMetrics(metric);
            present = new Registered(metrics, register(key, metrics));
            registered.put(key, present);
        }
        present.metrics().add(metric);
    }

    private Meter register(Key key, MeteredMetrics metrics) {
        return metrics.isCounter()
                ? FunctionCounter.builder(key.name(), metrics, MeteredMetrics::value)
                        .tags(key.tags())
                        .register(registry)
                : Gauge.builder(key.name(), metrics, MeteredMetrics::value)
                        .tags(key.tags())
                        .register(registry);
    }

    private synchronized void remove(Key key, KafkaMetric metric) {
        Registered present = registered.get(key);
        if (present != null && present.metrics().remove(metric)) {
            registered.remove(key);
            registry.remove(present.meter());
        }
    }
}
