package io.tailrace.service;

import io.tailrace.service.endpoint.EndpointConfiguration;
import io.tailrace.service.https.HttpsConfiguration;
import io.tailrace.service.kafka.KafkaClientsConfiguration;
import io.tailrace.service.life.LifeConfiguration;
import io.tailrace.service.settings.SettingsConfiguration;
import io.tailrace.service.trace.TracingConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What every service has: it imports this, and what is its own. */
@Configuration(proxyBeanMethods = false)
@Import({
    SettingsConfiguration.class,
    LifeConfiguration.class,
    HttpsConfiguration.class,
    EndpointConfiguration.class,
    KafkaClientsConfiguration.class,
    TracingConfiguration.class
})
public class KitConfiguration {}
