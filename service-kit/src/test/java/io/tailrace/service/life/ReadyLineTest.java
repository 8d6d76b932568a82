package io.tailrace.service.life;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;

/** The line that launchers wait for. */
class ReadyLineTest {
    private final List<String> said = new ArrayList<>();
    private final ReadyLine line = new ReadyLine("a-service", "http", InetAddress.getLoopbackAddress(), said::add);

    @Test
    void isSaidOnceWhenTheProcessListensAndCanWorkWhicheverComesLast() {
        line.ready();
        assertThat(said).isEmpty();
        line.onApplicationEvent(listening(8090, null));
        assertThat(said).containsExactly("READY a-service http://127.0.0.1:8090");
        line.ready();
        line.onApplicationEvent(listening(8091, null));
        assertThat(said).hasSize(1);
    }

    @Test
    void namesTheServiceAndNotItsManagementPort() {
        line.onApplicationEvent(listening(8090, null));
        line.onApplicationEvent(listening(9999, "management"));
        assertThat(said).isEmpty();
        line.ready();
        assertThat(said).containsExactly("READY a-service http://127.0.0.1:8090");
    }

    @Test
    void listeningOnEveryAddressIsFoundOnThisMachine() throws Exception {
        ReadyLine everywhere = new ReadyLine("b", "https", InetAddress.getByName("0.0.0.0"), said::add);
        everywhere.ready();
        everywhere.onApplicationEvent(listening(1, null));
        assertThat(said).containsExactly("READY b https://127.0.0.1:1");
    }

    private static WebServerInitializedEvent listening(int port, @Nullable String namespace) {
        AnnotationConfigServletWebServerApplicationContext context =
                new AnnotationConfigServletWebServerApplicationContext();
        context.setServerNamespace(namespace);
        return new WebServerInitializedEvent(new ListeningServer(port)) {
            private static final long serialVersionUID = 1L;

            @Override
            public WebServerApplicationContext getApplicationContext() {
                return context;
            }
        };
    }

    private record ListeningServer(int port) implements WebServer {
        @Override
        public void start() {}

        @Override
        public void stop() {}

        @Override
        public int getPort() {
            return port;
        }
    }
}
