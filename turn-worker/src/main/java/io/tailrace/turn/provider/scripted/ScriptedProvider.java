package io.tailrace.turn.provider.scripted;

import io.tailrace.turn.provider.ModelProvider;
import io.tailrace.turn.provider.ModelRequest;
import io.tailrace.turn.provider.ProviderCall;
import io.tailrace.turn.provider.ProviderFamily;
import io.tailrace.turn.provider.call.StreamedCall;
import io.tailrace.turn.provider.call.Watchdog;

/**
 * Says what each request's script tells it to, the same every time, and repeats the user's words where there is no script. Safe from any
 * thread. {@code docs/providers.md} describes scripts.
 */
public final class ScriptedProvider implements ModelProvider {

    private final String id;
    private final Watchdog watchdog;

    public ScriptedProvider(String id, Watchdog watchdog) {
        this.id = id;
        this.watchdog = watchdog;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public ProviderFamily family() {
        return ProviderFamily.SCRIPTED;
    }

    @Override
    public ProviderCall start(ModelRequest request) {
        return new StreamedCall(id, request.timeouts(), new Performance(request), watchdog);
    }
}
