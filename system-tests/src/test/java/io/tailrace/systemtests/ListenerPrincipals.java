package io.tailrace.systemtests;

import java.util.Locale;
import org.apache.kafka.common.security.auth.AuthenticationContext;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder;

/** Used by a broker: a client is whom the listener is for that it came by. {@code TURN_WORKER} is {@code User:turn-worker}. */
public final class ListenerPrincipals extends DefaultKafkaPrincipalBuilder {

    public ListenerPrincipals() {
        super(null, null);
    }

    @Override
    public KafkaPrincipal build(AuthenticationContext context) {
        String name = context.listenerName().toLowerCase(Locale.ROOT).replace('_', '-');
        return new KafkaPrincipal(KafkaPrincipal.USER_TYPE, name);
    }
}
