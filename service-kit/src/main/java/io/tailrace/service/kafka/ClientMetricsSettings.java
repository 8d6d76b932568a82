package io.tailrace.service.kafka;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which metrics of Kafka's clients are shown among a service's own.
 *
 * @param all everything that the clients measure, some hundreds for each; otherwise what {@link ShownMetrics} chooses
 */
@ConfigurationProperties("tailrace.kafka.client-metrics")
record ClientMetricsSettings(@DefaultValue("false") boolean all) {}
