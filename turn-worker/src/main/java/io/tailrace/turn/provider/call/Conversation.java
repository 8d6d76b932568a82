package io.tailrace.turn.provider.call;

import io.tailrace.turn.provider.ProviderFailure;

/** What one adapter does with one call; confined to the thread that runs it. */
public interface Conversation {

    /**
     * Talks to the provider until it has no more to say, and reports everything to the exchange. Blocks; returning is no sign of success,
     * because a stream that is closed from another thread may look like one that ended.
     *
     * @throws Exception whatever goes wrong
     */
    void converse(Exchange exchange) throws Exception;

    /** What went wrong, for people and machines. */
    ProviderFailure explain(Exception error);

    /** This one, with the secret taken out of whatever went wrong: a provider may repeat what it was sent. */
    default Conversation keepingSecret(String secret) {
        return new Conversation() {
            @Override
            public void converse(Exchange exchange) throws Exception {
                Conversation.this.converse(exchange);
            }

            @Override
            public ProviderFailure explain(Exception error) {
                return Conversation.this.explain(error).without(secret);
            }
        };
    }
}
