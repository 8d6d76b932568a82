package io.tailrace.gateway.subscription;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.events.log.Topic;
import io.tailrace.gateway.access.RunAccess;
import io.tailrace.gateway.health.ReadinessCheck;
import io.tailrace.gateway.kafka.LogConnection;
import io.tailrace.gateway.kafka.LogProducer;
import io.tailrace.gateway.kafka.LogWriter;
import io.tailrace.gateway.problem.SubscriptionProblem;
import io.tailrace.gateway.readmodel.ReadModelTail;
import io.tailrace.gateway.request.JsonBody;
import io.tailrace.gateway.runs.CatalogueSettings;
import io.tailrace.gateway.runs.RunDirectory;
import io.tailrace.service.kafka.KafkaClients;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires stored subscriptions. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SubscriptionSettings.class)
public class SubscriptionsConfiguration {
    /** Room for as many ids of runs as a subscription may have, each on a line of its own. */
    private static final int MAX_BODY = 64 * 1024;

    @Bean
    SubscriptionReader subscriptionReader(MeterRegistry meters) {
        SubscriptionReader reader = new SubscriptionReader();
        Gauge.builder("tailrace.gateway.subscriptions.runs", reader, SubscriptionReader::runs)
                .description("Runs that all stored subscriptions have together")
                .register(meters);
        return reader;
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    ReadModelTail subscriptionsTail(
            KafkaClients kafka, LogConnection connection, SubscriptionReader reader, MeterRegistry meters) {
        Counter undecodable = Counter.builder("tailrace.gateway.subscriptions.skipped")
                .description("Records of the topic of subscriptions that could not be read")
                .register(meters);
        return new ReadModelTail(kafka, connection, Topic.SUBSCRIPTIONS, 1, reader, undecodable);
    }

    @Bean(destroyMethod = "close")
    SubscriptionWriter subscriptionWriter(KafkaClients kafka, LogConnection connection, CatalogueSettings settings) {
        LogProducer producer = new LogProducer(kafka, "subscriptions", settings.catchUpWithin(), "none");
        return new SubscriptionWriter(
                new LogWriter(producer, connection, settings.catchUpWithin(), SubscriptionProblem::unconfirmed));
    }

    @Bean
    Subscriptions subscriptions(
            SubscriptionReader reader,
            @Qualifier("subscriptionsTail") ReadModelTail tail,
            SubscriptionWriter writer,
            RunDirectory directory,
            LogConnection connection,
            CatalogueSettings catalogue,
            SubscriptionSettings settings) {
        return new Subscriptions(
                reader, tail, writer, directory, connection, catalogue.catchUpWithin(), settings.maxRuns());
    }

    @Bean
    SubscriptionsController subscriptionsController(Subscriptions subscriptions, RunAccess access) {
        return new SubscriptionsController(subscriptions, access, new JsonBody(MAX_BODY));
    }

    @Bean
    ReadinessCheck subscriptionsFollow(Subscriptions subscriptions) {
        return ReadinessCheck.of("subscriptions", "Subscriptions can be answered.", subscriptions::fault);
    }
}
