package io.tailrace.local.security;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;

/** Tells a cluster who may log in and what each may do. Blocks for at most {@link #LIMIT} for each of its requests. */
final class Admission {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int ITERATIONS = 4096;

    private final Admin admin;

    Admission(Admin admin) {
        this.admin = admin;
    }

    /** These passwords hold from now on; who is connected stays so. */
    void setPasswords(Map<String, String> passwordsByUser) throws IOException {
        List<UserScramCredentialAlteration> all = new ArrayList<>();
        passwordsByUser.forEach((user, password) -> all.add(new UserScramCredentialUpsertion(
                user, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS), password)));
        done(admin.alterUserScramCredentials(all).all(), "set passwords");
    }

    /** Their users have exactly these; what others were granted stays. */
    void grant(AccessRights rights) throws IOException {
        Set<AclBinding> surplus = new HashSet<>();
        Set<AclBinding> missing = new HashSet<>(rights.bindings());
        for (AclBinding present : done(admin.describeAcls(AclBindingFilter.ANY).values(), "list rights")) {
            if (!missing.remove(present) && rights.concerns(present)) {
                surplus.add(present);
            }
        }
        done(admin.createAcls(missing).all(), "grant rights");
        done(
                admin.deleteAcls(surplus.stream().map(AclBinding::toFilter).toList())
                        .all(),
                "take away rights");
    }

    private static <T> T done(KafkaFuture<T> future, String what) throws IOException {
        try {
            return future.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | KafkaException failed) {
            throw new IOException("Kafka does not let us " + what + ": " + failed.getMessage(), failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while it was to " + what, interrupted);
        }
    }
}
