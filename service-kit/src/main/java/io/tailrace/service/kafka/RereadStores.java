package io.tailrace.service.kafka;

import java.security.KeyStore;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.security.auth.SslEngineFactory;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Key and trust stores that are read again before the next connection when their files have changed. Kafka's own factory
 * reads them once, when a client is made, and ours live as long as the process. Files that cannot be read leave what was
 * read before. Made by Kafka's clients. Thread-safe.
 */
public final class RereadStores implements SslEngineFactory {
    private static final Logger log = LoggerFactory.getLogger(RereadStores.class);

    private Map<String, Object> configs = Map.of();
    private DefaultSslEngineFactory stores = new DefaultSslEngineFactory();
    private String refused = "";

    @Override
    public synchronized void configure(Map<String, ?> configs) {
        this.configs = new HashMap<>(configs);
        stores.configure(this.configs);
    }

    private synchronized DefaultSslEngineFactory latest() {
        if (stores.shouldBeRebuilt(configs)) {
            DefaultSslEngineFactory again = new DefaultSslEngineFactory();
            try {
                again.configure(configs);
                stores = again;
                refused = "";
                log.info("Key or trust store was replaced, and is used from now on");
            } catch (KafkaException unreadable) {
                // With each attempt to connect.
                if (!refused.equals(unreadable.toString())) {
                    log.error("Key or trust store was replaced, and cannot be used; the one before is", unreadable);
                }
                refused = unreadable.toString();
            }
        }
        return stores;
    }

    @Override
    public SSLEngine createClientSslEngine(String peerHost, int peerPort, String endpointIdentification) {
        return latest().createClientSslEngine(peerHost, peerPort, endpointIdentification);
    }

    @Override
    public SSLEngine createServerSslEngine(String peerHost, int peerPort) {
        return latest().createServerSslEngine(peerHost, peerPort);
    }

    @Override
    public synchronized boolean shouldBeRebuilt(Map<String, Object> nextConfigs) {
        return stores.shouldBeRebuilt(nextConfigs);
    }

    @Override
    public synchronized Set<String> reconfigurableConfigs() {
        return stores.reconfigurableConfigs();
    }

    @Override
    public @Nullable KeyStore keystore() {
        return latest().keystore();
    }

    @Override
    public @Nullable KeyStore truststore() {
        return latest().truststore();
    }

    @Override
    public synchronized void close() {
        stores.close();
    }
}
