package io.tailrace.service.https;

import java.util.Arrays;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;

/**
 * Gives Jetty the bundle that has replaced the one it was started with; Boot does that for Tomcat and Netty alone. New
 * connections use it, open ones go on. Stateless.
 */
record RenewedCertificate(Server server, String bundle) {
    private static final Logger log = LoggerFactory.getLogger(RenewedCertificate.class);

    /** @throws IllegalStateException if nothing can be served with it; what was used before is used on */
    void take(SslBundle renewed) {
        renewed.createSslContext();
        Arrays.stream(server.getConnectors())
                .map(it -> it.getConnectionFactory(SslConnectionFactory.class))
                .filter(it -> it != null)
                .forEach(it -> take(it.getSslContextFactory(), renewed.getStores()));
        log.info("The certificate of bundle {} was replaced, and is used from now on", bundle);
    }

    private static void take(SslContextFactory https, SslStoreBundle stores) {
        try {
            https.reload(it -> {
                it.setKeyStore(stores.getKeyStore());
                it.setTrustStore(stores.getTrustStore());
            });
        } catch (Exception refused) {
            throw new IllegalStateException("The server cannot use its renewed certificate", refused);
        }
    }
}
