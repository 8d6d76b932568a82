package io.tailrace.gateway.stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.gateway.command.CommandSettings;
import io.tailrace.gateway.log.RunLog;
import io.tailrace.gateway.runs.RunDirectory;
import io.tailrace.gateway.view.EventJson;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the streams. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(StreamSettings.class)
public class StreamConfiguration {
    @Bean
    OpenStreams openStreams(StreamSettings settings) {
        return new OpenStreams(settings.maxConnections());
    }

    @Bean
    StreamMeters streamMeters(MeterRegistry registry, OpenStreams streams) {
        return new StreamMeters(registry, Clock.systemUTC(), streams);
    }

    @Bean
    RunStreamController runStreamController(
            RunDirectory directory,
            RunLog runs,
            EventJson view,
            OpenStreams streams,
            StreamMeters meters,
            StreamSettings settings,
            CommandSettings commands) {
        return new RunStreamController(directory, runs, view, streams, meters, settings, commands.decideWithin());
    }
}
