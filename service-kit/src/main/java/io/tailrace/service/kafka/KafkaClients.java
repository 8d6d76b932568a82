package io.tailrace.service.kafka;

import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.metrics.JmxReporter;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.boot.kafka.autoconfigure.SslBundleSslEngineFactory;
import org.springframework.boot.ssl.SslBundle;

/**
 * Makes all clients of Kafka that the process has, each for one purpose, with spring-kafka's factories
 * (docs/decisions/029-one-way-to-kafka.md). Three layers, the later one wins:
 *
 * <ol>
 *   <li>what the operator says in {@code spring.kafka.*}: where the brokers are, TLS, SASL, sizes;
 *   <li>what every client of its sort needs for our guarantees: {@code acks=all} and idempotence; no offset is committed
 *       or reset unasked, only committed records are read, no topic is made by asking for it;
 *   <li>what its one purpose needs, given by who asks for it: time-outs, sizes, what it deviates in.
 * </ol>
 *
 * Certificates and authorities are those that their files have when a connection is made, not when its client was.
 * Clients belong to who asks for them, who closes them, bounded. Making one connects to nothing that the caller waits for.
 * Their metrics are among the process's meters from the making to the closing ({@link ShownMetrics}).
 * Thread-safe.
 */
public final class KafkaClients {
    private static final Map<String, Object> OF_EVERY_PRODUCER = Map.of(
            ProducerConfig.ACKS_CONFIG,
            "all",
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
            true,
            // Idempotence allows no more in flight, and needs its retries: their end is the delivery time-out.
            ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
            5,
            ProducerConfig.RETRIES_CONFIG,
            Integer.MAX_VALUE,
            ProducerConfig.LINGER_MS_CONFIG,
            0);

    private static final Map<String, Object> OF_EVERY_CONSUMER = Map.of(
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed",
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false,
            // A log that was cut off must be noticed, not gone on with.
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "none",
            // A topic that was deleted is made anew by whoever knows how many partitions it has to have.
            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
            false);

    /** A share consumer refuses to be made with these; Boot always says how isolated a consumer is. */
    private static final Set<String> NOT_FOR_SHARE_CONSUMERS = Set.of(
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
            ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG,
            ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
            ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
            ConsumerConfig.GROUP_PROTOCOL_CONFIG,
            ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG);

    private static final Set<String> RETRIES_AND_TIME_OUTS = Set.of(
            AdminClientConfig.RETRIES_CONFIG,
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG);

    /** Of one failure; causes can go round in a circle. */
    private static final int MOST_CAUSES = 20;

    private final KafkaProperties properties;
    private final KafkaConnectionDetails connection;
    private final ClientMeters meters;

    KafkaClients(KafkaProperties properties, KafkaConnectionDetails connection, ClientMeters meters) {
        this.properties = properties;
        this.connection = connection;
        this.meters = meters;
    }

    /** Clients of the brokers at these addresses, separated by commas, that are told nothing else, and that none watches. */
    public static KafkaClients at(String bootstrapServers) {
        List<String> servers = List.of(bootstrapServers.split(",", -1));
        ClientMeters nowhere = new ClientMeters(new CompositeMeterRegistry(), new ShownMetrics(false));
        return new KafkaClients(new KafkaProperties(), () -> servers, nowhere);
    }

    /** Where the brokers are, for people: host:port, separated by commas. */
    public String bootstrapServers() {
        return String.join(",", connection.getBootstrapServers());
    }

    /**
     * An idempotent producer without transactions; {@code acks=all}.
     *
     * @param name what the client is called in the broker's logs and in metrics
     * @param own what it needs besides
     * @throws org.apache.kafka.common.KafkaException if it cannot be made, such as while no broker's name can be resolved
     */
    public Producer<byte[], byte[]> producer(ClientName name, Map<String, Object> own) {
        return SpringFactories.producer(producerConfig(name, own));
    }

    Map<String, Object> producerConfig(ClientName name, Map<String, Object> own) {
        Map<String, Object> config =
                config(properties.buildProducerProperties(), connection::getProducer, name, OF_EVERY_PRODUCER);
        config.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        config.putAll(own);
        return config;
    }

    /**
     * A consumer without a group that reads committed records and never moves by itself.
     *
     * @param name what the client is called in the broker's logs and in metrics
     * @param own what it needs besides
     * @throws org.apache.kafka.common.KafkaException if it cannot be made, such as while no broker's name can be resolved
     */
    public Consumer<byte[], byte[]> consumer(ClientName name, Map<String, Object> own) {
        return SpringFactories.consumer(consumerConfig(name, own));
    }

    Map<String, Object> consumerConfig(ClientName name, Map<String, Object> own) {
        Map<String, Object> config =
                config(properties.buildConsumerProperties(), connection::getConsumer, name, OF_EVERY_CONSUMER);
        config.remove(ConsumerConfig.GROUP_ID_CONFIG);
        config.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        config.putAll(own);
        return config;
    }

    /**
     * A member of a share group that acknowledges each record. What it reads, and from where, is set up with the group.
     *
     * @param name what the client is called in the broker's logs and in metrics
     * @param own what it needs besides
     * @throws org.apache.kafka.common.KafkaException if it cannot be made, such as while no broker's name can be resolved
     */
    public ShareConsumer<byte[], byte[]> shareConsumer(ClientName name, String group, Map<String, Object> own) {
        Map<String, Object> config =
                config(properties.buildConsumerProperties(), connection::getConsumer, name, Map.of());
        config.keySet().removeAll(NOT_FOR_SHARE_CONSUMERS);
        config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        config.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
        config.putAll(own);
        return SpringFactories.shareConsumer(config);
    }

    /**
     * An admin client.
     *
     * @param name what the client is called in the broker's logs and in metrics
     * @param own what it needs besides
     * @throws org.apache.kafka.common.KafkaException if it cannot be made, such as while no broker's name can be resolved
     */
    public Admin admin(ClientName name, Map<String, Object> own) {
        Map<String, Object> config = config(properties.buildAdminProperties(), connection::getAdmin, name, Map.of());
        config.putAll(own);
        return SpringFactories.admin(config);
    }

    /**
     * What Kafka Streams is told of the operator's settings: how the brokers are reached, which is what an admin client
     * knows too. The rest is the topology's, whose guarantees hang on it: a handler of failures among the operator's
     * settings could skip inputs. A new, mutable map.
     */
    public Map<String, Object> streams(String clientId) {
        Map<String, Object> config =
                config(properties.buildStreamsProperties(), connection::getStreams, clientId, Map.of());
        config.keySet()
                .removeIf(it -> !AdminClientConfig.configNames().contains(it) && !it.equals(SslBundle.class.getName()));
        // Streams hands them to its producers and consumers too.
        config.keySet().removeAll(RETRIES_AND_TIME_OUTS);
        measure(config, KafkaClients::ofStreams);
        return config;
    }

    /** Streams makes the ids of its clients of the one that it is given, of threads' numbers and of what each is for. */
    private static String ofStreams(String clientId) {
        for (String use : List.of("restore", "global")) {
            if (clientId.endsWith("-" + use + "-consumer")) {
                return "streams-" + use;
            }
        }
        return "streams";
    }

    /**
     * What is behind a failure of a client: of an answer that failed its cause, of a client that could not be made what
     * was at fault, such as a name, a certificate or a login module; of a handshake that failed, with what is wrong with
     * the certificate.
     */
    public static Throwable reason(Throwable failure) {
        Throwable reason = failure;
        Throwable cause = reason.getCause();
        while (cause != null
                && (reason instanceof ExecutionException || reason.getClass().equals(KafkaException.class))) {
            reason = cause;
            cause = reason.getCause();
        }
        return reason instanceof SslAuthenticationException handshake ? explained(handshake) : reason;
    }

    /** Kafka says that a handshake failed, and Java why, some causes deeper. */
    private static Throwable explained(SslAuthenticationException handshake) {
        Throwable deepest = handshake;
        for (int i = 0; i < MOST_CAUSES && deepest.getCause() != null; i++) {
            deepest = deepest.getCause();
        }
        return deepest.equals(handshake)
                ? handshake
                : new SslAuthenticationException(handshake.getMessage() + ": " + deepest.getMessage(), handshake);
    }

    private Map<String, Object> config(
            Map<String, Object> operators,
            Supplier<KafkaConnectionDetails.Configuration> connection,
            ClientName name,
            Map<String, Object> ofItsSort) {
        Map<String, Object> config = config(operators, connection, name.clientId(), ofItsSort);
        measure(config, _ -> name.label());
        return config;
    }

    /** Beside the reporters that the operator names; Kafka's own, for JMX, is there unless he names others. */
    private void measure(Map<String, Object> config, UnaryOperator<String> label) {
        List<Object> reporters = new ArrayList<>();
        switch (config.get(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG)) {
            case null -> reporters.add(JmxReporter.class.getName());
            case Collection<?> several -> reporters.addAll(several);
            case Object names ->
                Arrays.stream(names.toString().split(",", -1))
                        .map(String::strip)
                        .filter(it -> !it.isEmpty())
                        .forEach(reporters::add);
        }
        reporters.add(ClientMetricsReporter.class.getName());
        config.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, reporters);
        config.put(ClientMetricsReporter.TARGET, new ClientMetricsReporter.Target(meters, label));
    }

    private static Map<String, Object> config(
            Map<String, Object> operators,
            Supplier<KafkaConnectionDetails.Configuration> connection,
            String clientId,
            Map<String, Object> ofItsSort) {
        Map<String, Object> config = new HashMap<>(operators);
        KafkaConnectionDetails.Configuration now = connection.get();
        Collection<String> servers = now.getBootstrapServers();
        config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, List.copyOf(servers));
        String protocol = now.getSecurityProtocol();
        if (protocol != null && !protocol.isEmpty()) {
            config.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, protocol);
        }
        if (now.getSslBundle() != null) {
            config.put(SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG, SslBundleSslEngineFactory.class);
            config.put(
                    SslBundle.class.getName(),
                    new LatestSslBundle(() -> connection.get().getSslBundle()));
        } else {
            config.putIfAbsent(SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG, RereadStores.class);
        }
        config.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
        // A broker that comes back is found soon; the defaults back off up to a second and more.
        config.put(CommonClientConfigs.RECONNECT_BACKOFF_MS_CONFIG, 100L);
        config.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500L);
        config.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
        config.putAll(ofItsSort);
        return config;
    }
}
