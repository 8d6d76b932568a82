package io.tailrace.turn.provider.wire;

import io.tailrace.turn.provider.CallEnd;
import io.tailrace.turn.provider.DeltaSink;
import io.tailrace.turn.provider.Environment;
import io.tailrace.turn.provider.ModelDelta;
import io.tailrace.turn.provider.ModelMessage;
import io.tailrace.turn.provider.ModelRequest;
import io.tailrace.turn.provider.ProviderCall;
import io.tailrace.turn.provider.ProviderFailure;
import io.tailrace.turn.provider.ProviderLookup;
import io.tailrace.turn.provider.Reply;
import io.tailrace.turn.provider.runtime.ProviderRuntime;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A provider at a server, as a turn would use it. */
final class Client implements AutoCloseable {

    private final ProviderRuntime runtime;
    private final List<ModelDelta> deltas = new CopyOnWriteArrayList<>();

    Client(WireFormat format, URI server) {
        runtime = new ProviderRuntime(List.of(format.definition(server)), Environment.of(format.variables()));
    }

    static ModelRequest asking(String text) {
        return ModelRequest.of(WireFormat.MODEL, List.of(new ModelMessage.User(text)));
    }

    ProviderCall start(ModelRequest request) {
        return switch (runtime.registry().find("mock", Optional.empty())) {
            case ProviderLookup.Found found -> found.provider().start(request);
            case ProviderLookup.NotFound notFound -> throw new AssertionError(notFound.failure());
        };
    }

    CallEnd run(ModelRequest request) {
        return run(start(request), _ -> {});
    }

    CallEnd run(ProviderCall call, DeltaSink also) {
        return call.run(delta -> {
            deltas.add(delta);
            also.accept(delta);
        });
    }

    List<ModelDelta> deltas() {
        return deltas;
    }

    Reply reply() {
        Reply reply = new Reply();
        deltas.forEach(reply::add);
        return reply;
    }

    static ProviderFailure failure(CallEnd end) {
        return switch (end) {
            case CallEnd.Failed failed -> failed.failure();
            case CallEnd.Finished finished -> throw new AssertionError("finished: " + finished);
            case CallEnd.Canceled canceled -> throw new AssertionError("canceled: " + canceled);
        };
    }

    @Override
    public void close() {
        runtime.close();
    }
}
