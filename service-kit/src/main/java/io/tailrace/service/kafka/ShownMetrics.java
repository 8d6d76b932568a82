package io.tailrace.service.kafka;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.MetricName;

/**
 * Chooses among the metrics of Kafka's clients; docs/operations.md says what each tells. Each purpose has one meter for
 * a metric, however many clients, threads and partitions it has. Immutable.
 *
 * @param all whether everything is shown, with the topics, partitions and nodes that Kafka tells apart
 */
record ShownMetrics(boolean all) {
    private static final String LAG = "records-lag";
    private static final String TOPIC = "topic";
    private static final String PARTITION = "partition";

    /** They have names of processes in them. */
    private static final Set<String> OF_THE_PROCESS = Set.of("client-id", "thread-id");

    private static final Map<String, Set<String>> CHOSEN = Map.of(
            "producer-metrics",
            Set.of(
                    "record-send-total",
                    "record-error-total",
                    "record-retry-total",
                    "record-queue-time-max",
                    "request-total",
                    "request-latency-avg",
                    "request-latency-max",
                    "produce-throttle-time-avg",
                    "produce-throttle-time-max",
                    "outgoing-byte-total",
                    "connection-count",
                    "failed-authentication-total",
                    "txn-init-time-ns-total",
                    "txn-commit-time-ns-total",
                    "txn-abort-time-ns-total"),
            "consumer-metrics",
            Set.of("request-total", "incoming-byte-total", "connection-count", "failed-authentication-total"),
            "consumer-fetch-manager-metrics",
            Set.of(
                    LAG,
                    "records-consumed-total",
                    "fetch-total",
                    "fetch-latency-avg",
                    "fetch-throttle-time-avg",
                    "fetch-throttle-time-max"),
            "consumer-coordinator-metrics",
            Set.of(
                    "assigned-partitions",
                    "rebalance-total",
                    "failed-rebalance-total",
                    "rebalance-latency-max",
                    "last-heartbeat-seconds-ago"),
            "consumer-share-fetch-manager-metrics",
            Set.of(
                    "records-consumed-total",
                    "acknowledgements-send-total",
                    "acknowledgements-error-total",
                    "fetch-total",
                    "fetch-latency-avg",
                    "fetch-throttle-time-avg",
                    "fetch-throttle-time-max"),
            "consumer-share-coordinator-metrics",
            Set.of("rebalance-total", "last-heartbeat-seconds-ago"),
            "admin-client-metrics",
            Set.of("request-total", "connection-count", "failed-authentication-total"),
            "stream-thread-metrics",
            Set.of("commit-total", "commit-latency-avg", "commit-latency-max", "process-total"),
            "stream-metrics",
            Set.of("alive-stream-threads", "failed-stream-threads"));

    /**
     * How a metric is shown.
     *
     * @param name of the meter
     * @param tags those of Kafka's that it keeps
     */
    record Shown(String name, Set<String> tags) {}

    /** Empty if it is not. */
    Optional<Shown> shown(MetricName metric) {
        Set<String> tags = new TreeSet<>(metric.tags().keySet());
        tags.removeAll(OF_THE_PROCESS);
        if (isChosen(metric, tags)) {
            tags.remove(PARTITION);
            return Optional.of(new Shown(name(metric, Set.of()), tags));
        }
        return all ? Optional.of(new Shown(name(metric, tags), tags)) : Optional.empty();
    }

    /** Kafka calls what a client counts and what it counts for a topic the same; only lag is wanted by topic. */
    private static boolean isChosen(MetricName metric, Set<String> tags) {
        return CHOSEN.getOrDefault(metric.group(), Set.of()).contains(metric.name())
                && tags.equals(metric.name().equals(LAG) ? Set.of(TOPIC, PARTITION) : Set.of());
    }

    /** Meters of the same name have the same tags, or Prometheus refuses them: so the tags are in the name. */
    private static String name(MetricName metric, Set<String> tags) {
        String group = metric.group().replaceFirst("-metrics$", "");
        String level = tags.isEmpty() ? "" : "by-" + String.join("-", tags) + ".";
        return ("kafka." + group + "." + level + metric.name()).replace('-', '.');
    }

    /** Whether several of a purpose are shown as the worst of them; what is no time, no age and no share is added up. */
    static boolean isWorstOf(MetricName metric) {
        return metric.name().matches(".*-(avg|max|min|ratio|ago|age)");
    }
}
