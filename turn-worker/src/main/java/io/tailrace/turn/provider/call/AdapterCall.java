package io.tailrace.turn.provider.call;

import io.tailrace.turn.provider.ProviderFailure;

/** An adapter's part of one call: speaks the provider's format. Confined to the thread that runs it. */
public interface AdapterCall {

    /**
     * Talks to the provider until it has no more to say, and reports everything to the exchange. Blocks; returning is no sign of success,
     * because a stream that is closed from another thread may look like one that ended.
     *
     * @throws Exception whatever goes wrong
     */
    void perform(Exchange exchange) throws Exception;

    /** What went wrong, for people and machines. */
    ProviderFailure explain(Exception error);

    /** This one, with the secret taken out of whatever went wrong: a provider may repeat what it was sent. */
    default AdapterCall keepingSecret(String secret) {
        return new AdapterCall() {
            @Override
            public void perform(Exchange exchange) throws Exception {
                AdapterCall.this.perform(exchange);
            }

            @Override
            public ProviderFailure explain(Exception error) {
                return AdapterCall.this.explain(error).without(secret);
            }
        };
    }
}
