package io.tailrace.service.kafka;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.SslStoreBundle;

/**
 * A bundle as it is at the time of each connection. A Kafka client keeps the bundle that it was made with; Boot puts
 * another one in its place when its files change.
 */
record LatestSslBundle(Supplier<@Nullable SslBundle> source) implements SslBundle {
    private SslBundle now() {
        SslBundle bundle = source.get();
        if (bundle == null) {
            throw new IllegalStateException("the SSL bundle for Kafka is gone");
        }
        return bundle;
    }

    @Override
    public SslStoreBundle getStores() {
        return now().getStores();
    }

    @Override
    public SslBundleKey getKey() {
        return now().getKey();
    }

    @Override
    public SslOptions getOptions() {
        return now().getOptions();
    }

    @Override
    public String getProtocol() {
        return now().getProtocol();
    }

    @Override
    public SslManagerBundle getManagers() {
        return now().getManagers();
    }
}
