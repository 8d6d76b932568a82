package io.tailrace.turn.tool;

import io.tailrace.worker.attempt.StopSignal;
import java.util.List;

/** A worker without servers of tools. */
final class NoServers implements ToolServers {
    @Override
    public Described describe(String server, String tool, StopSignal stop) {
        return new Described.Unusable("server_unavailable", "There is no server.");
    }

    @Override
    public CallResult call(Call call, StopSignal stop) {
        return CallResult.failed("server_unavailable", "There is no server.");
    }

    @Override
    public List<Listed> list() {
        return List.of();
    }
}
