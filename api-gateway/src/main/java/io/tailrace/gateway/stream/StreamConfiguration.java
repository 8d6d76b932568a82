package io.tailrace.gateway.stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.gateway.access.RunAccess;
import io.tailrace.gateway.command.CommandSettings;
import io.tailrace.gateway.cursor.Checkpoints;
import io.tailrace.gateway.cursor.Cursors;
import io.tailrace.gateway.cursor.SubscriptionCursors;
import io.tailrace.gateway.health.ReadinessCheck;
import io.tailrace.gateway.json.EventJson;
import io.tailrace.gateway.kafka.LogConnection;
import io.tailrace.gateway.log.RunFeeds;
import io.tailrace.gateway.runs.RunDirectory;
import io.tailrace.gateway.subscription.Subscriptions;
import io.tailrace.gateway.view.CanonicalView;
import io.tailrace.gateway.view.NamedView;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.ServerConnector;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the streams. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(StreamSettings.class)
public class StreamConfiguration {
    /** Connections; the kernel cuts it at net.core.somaxconn, which is the same unless it was changed. Jetty's own is 50. */
    private static final int ACCEPT_QUEUE = 4096;

    @Bean
    OpenStreams openStreams(StreamSettings settings) {
        return new OpenStreams(settings.maxConnections());
    }

    @Bean
    ReadinessCheck streamsHaveRoom(OpenStreams streams, StreamSettings settings) {
        return ReadinessCheck.told(
                "streams",
                () -> "Streams open: " + streams.count() + ".",
                () -> streams.count() < settings.maxConnections()
                        ? Optional.empty()
                        : Optional.of("As many streams are open as this gateway takes: " + streams.count() + "."));
    }

    @Bean
    StreamMeters streamMeters(MeterRegistry registry, OpenStreams streams) {
        return new StreamMeters(registry, Clock.systemUTC(), streams);
    }

    @Bean
    StreamOpener streamOpener(
            RunDirectory directory,
            RunFeeds feeds,
            Cursors cursors,
            SubscriptionCursors subscriptions,
            Checkpoints checkpoints,
            StreamMeters meters,
            LogConnection connection) {
        return new StreamOpener(directory, feeds, cursors, subscriptions, checkpoints, meters, connection);
    }

    @Bean
    RunStreams runStreams(
            StreamOpener opener,
            RunDirectory directory,
            OpenStreams streams,
            StreamMeters meters,
            StreamSettings settings,
            Cursors cursors,
            CommandSettings commands) {
        return new RunStreams(
                new StreamContext(opener, directory, streams, meters, settings, cursors, commands.decideWithin()));
    }

    /** One for all streams, which share what it makes. */
    @Bean
    CanonicalView canonicalFrames(EventJson events, Cursors cursors) {
        return new CanonicalView(events, cursors);
    }

    @Bean
    NamedView canonicalView(CanonicalView frames) {
        return new NamedView(NamedView.DEFAULT, frames);
    }

    @Bean
    RunsStreamController runsStreamController(RunStreams streams, CanonicalView view, RunAccess access) {
        return new RunsStreamController(streams, view, access);
    }

    @Bean
    SubscriptionStreamController subscriptionStreamController(
            RunStreams streams, Subscriptions subscriptions, CanonicalView view, RunAccess access) {
        return new SubscriptionStreamController(streams, subscriptions, view, access);
    }

    @Bean
    RunStreamController runStreamController(RunStreams streams, List<NamedView> views) {
        return new RunStreamController(streams, views);
    }

    /**
     * The kernel's buffer of each connection is kept small: otherwise it takes megabytes for each client that stands
     * still, and a client that reads slowly looks dead until a third of them is gone. Its queue of connections to be
     * accepted is long: all watchers of a gateway that was lost come to the next one at the same moment, and those for
     * whom there is no room are reset or wait for seconds.
     */
    @Bean
    WebServerFactoryCustomizer<JettyServletWebServerFactory> kernelQueues(StreamSettings settings) {
        return factory -> factory.addServerCustomizers(server -> {
            for (Connector connector : server.getConnectors()) {
                if (connector instanceof ServerConnector network) {
                    network.setAcceptedSendBufferSize(
                            Math.toIntExact(settings.sendBuffer().toBytes()));
                    network.setAcceptQueueSize(ACCEPT_QUEUE);
                }
            }
        });
    }
}
