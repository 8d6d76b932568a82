package io.tailrace.coordinator.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FenceProducersOptions;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.KafkaFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fences what this process, or the one before it on the same state directory, wrote transactions with. Then none is
 * pending: a commit that was under way has gone through, anything else is aborted, and what still lives of the old
 * session cannot write any more. Blocks, bounded.
 */
final class PriorTransactions {
    private static final Logger LOG = LoggerFactory.getLogger(PriorTransactions.class);
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final Pattern UUID_IN_FILE = Pattern.compile("[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private final Admin admin;
    private final String applicationId;
    private final Path stateDir;

    PriorTransactions(Admin admin, String applicationId, Path stateDir) {
        this.admin = admin;
        this.applicationId = applicationId;
        this.stateDir = stateDir;
    }

    /**
     * Returns when all of them are resolved.
     *
     * @param known the transactional ids that this process has used so far
     * @throws TimeoutException if a transaction does not end in time
     */
    void resolve(Collection<String> known) throws InterruptedException, ExecutionException, TimeoutException {
        Set<String> ids = new HashSet<>(known);
        Optional<String> prefix = prefixOfThisDirectory();
        if (prefix.isPresent()) {
            for (TransactionListing listing :
                    waitFor(admin.listTransactions(new ListTransactionsOptions().timeoutMs(millis()))
                            .all())) {
                if (listing.transactionalId().startsWith(prefix.get())) {
                    ids.add(listing.transactionalId());
                }
            }
        }
        if (!ids.isEmpty()) {
            waitFor(admin.fenceProducers(ids, new FenceProducersOptions().timeoutMs(millis()))
                    .all());
            LOG.info("Fenced {} earlier producers; nothing of them is pending", ids.size());
        }
    }

    /**
     * Kafka Streams keeps an id of the process in its state directory and begins its transactional ids with it. Without
     * that file there is nothing that could be found again; then restoring waits for the broker's time-out.
     */
    private Optional<String> prefixOfThisDirectory() {
        Path file = stateDir.resolve(applicationId).resolve("kafka-streams-process-metadata");
        try {
            Matcher id = UUID_IN_FILE.matcher(Files.exists(file) ? Files.readString(file) : "");
            return id.find() ? Optional.of(applicationId + "-" + id.group() + "-") : Optional.empty();
        } catch (IOException e) {
            LOG.warn("Cannot read {}: what the process before wrote is not fenced, but times out", file, e);
            return Optional.empty();
        }
    }

    private static int millis() {
        return Math.toIntExact(WITHIN.toMillis());
    }

    private static <T> T waitFor(KafkaFuture<T> answer)
            throws InterruptedException, ExecutionException, TimeoutException {
        return answer.get(WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    }
}
