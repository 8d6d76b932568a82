package io.tailrace.systemtests;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/** A collector of traces on the loopback interface, by OTLP over HTTP, that keeps all it gets. Safe from any thread. */
final class TraceCollector {
    private final HttpServer server;
    private final List<Recorded> spans = new CopyOnWriteArrayList<>();

    /** A span as a service exported it; attributes that are no texts as protobuf prints them. */
    record Recorded(
            String service,
            String trace,
            String id,
            String parent,
            String name,
            Map<String, String> attributes,
            boolean failed) {}

    private TraceCollector(HttpServer server) {
        this.server = server;
    }

    static TraceCollector start() throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        TraceCollector collector = new TraceCollector(http);
        http.createContext("/v1/traces", collector::take);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.start();
        return collector;
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces";
    }

    /** What came of a trace until now. */
    List<Recorded> of(String trace) {
        return spans.stream().filter(it -> it.trace().equals(trace)).toList();
    }

    /** How many came of any trace. */
    List<Recorded> all() {
        return List.copyOf(spans);
    }

    private void take(HttpExchange exchange) throws IOException {
        ExportTraceServiceRequest request =
                ExportTraceServiceRequest.parseFrom(exchange.getRequestBody().readAllBytes());
        for (ResourceSpans resource : request.getResourceSpansList()) {
            String service =
                    attributes(resource.getResource().getAttributesList()).getOrDefault("service.name", "");
            resource.getScopeSpansList()
                    .forEach(scope -> scope.getSpansList().forEach(it -> spans.add(recorded(service, it))));
        }
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    private static Recorded recorded(String service, Span span) {
        return new Recorded(
                service,
                HexFormat.of().formatHex(span.getTraceId().toByteArray()),
                HexFormat.of().formatHex(span.getSpanId().toByteArray()),
                HexFormat.of().formatHex(span.getParentSpanId().toByteArray()),
                span.getName(),
                attributes(span.getAttributesList()),
                span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR);
    }

    private static Map<String, String> attributes(List<KeyValue> list) {
        return list.stream()
                .collect(Collectors.toMap(
                        KeyValue::getKey,
                        it -> it.getValue().hasStringValue()
                                ? it.getValue().getStringValue()
                                : it.getValue().toString().strip()));
    }
}
