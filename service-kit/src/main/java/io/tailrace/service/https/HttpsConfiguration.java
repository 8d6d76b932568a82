package io.tailrace.service.https;

import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;

/** Wires HTTPS of the service's server, and of a second one where health and metrics have a port of their own. */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
public class HttpsConfiguration {
    @Bean
    WebServerFactoryCustomizer<JettyServletWebServerFactory> renewedCertificates(SslBundles bundles) {
        return factory -> factory.addServerCustomizers(server -> {
            Ssl ssl = factory.getSsl();
            String bundle = Ssl.isEnabled(ssl) && ssl != null ? ssl.getBundle() : null;
            if (bundle != null) {
                bundles.addBundleUpdateHandler(bundle, new RenewedCertificate(server, bundle)::take);
            }
        });
    }
}
