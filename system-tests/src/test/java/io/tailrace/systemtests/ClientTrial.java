package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DynamicTest;
import tools.jackson.databind.JsonNode;

/**
 * Clients that are not ours follow one chat at the same time: some hundred events, then a time without any, then some
 * hundred more and the end. Each has a relay of its own, which cuts its connections at random bytes. A test for each client
 * says what it received.
 */
final class ClientTrial {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final int WORDS = 150;
    private static final int PACE_MILLIS = 25;
    private static final int CUTS_AT_MOST = 10;
    private static final int FEWEST_CUTS = 4;
    private static final int FURTHEST_BYTE = 10_000;
    /** More than five seconds: there are clients that come again after so long. */
    private static final int QUIET_HEARTBEATS = 2;

    /** One client's part. */
    private static final class Follower {
        private final String name;
        private final CuttingRelay relay;
        private final List<Received> received = new CopyOnWriteArrayList<>();
        private final Future<?> end;
        private int connectionsInQuiet;

        Follower(String name, StreamClient client, CuttingRelay relay, URI stream, ExecutorService threads) {
            this.name = name;
            this.relay = relay;
            this.end = threads.submit(() -> {
                client.follow(stream, received::add);
                return null;
            });
        }

        List<Received> numbered() {
            return received.stream().filter(Received::isNumbered).toList();
        }

        Optional<Throwable> failure() {
            try {
                end.get(SOON.toSeconds(), TimeUnit.SECONDS);
                return Optional.empty();
            } catch (ExecutionException failed) {
                return Optional.of(Objects.requireNonNullElse(failed.getCause(), failed));
            } catch (TimeoutException endless) {
                return Optional.of(endless);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return Optional.of(interrupted);
            }
        }
    }

    private ClientTrial() {}

    /**
     * Returns a test for each client, after all have been tried.
     *
     * @param seed of the places of all cuts
     */
    static Stream<DynamicTest> of(long seed, Map<String, StreamClient> clients) throws IOException {
        SharedStack.heal();
        Gateway gateway = SharedStack.gateway(1);
        Chat chat = Chat.create(gateway, "enqueue");
        List<Follower> followers = new ArrayList<>();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            clients.forEach((name, client) -> {
                CuttingRelay relay = relay(gateway, seed + followers.size());
                URI stream = relay.uri("/v1/runs/" + chat.run + "/stream");
                followers.add(new Follower(name, client, relay, stream, threads));
            });
            chat.submit("One", Chat.words(WORDS, PACE_MILLIS));
            gateway.awaitStatus(chat.run, "idle", SOON);
            nothingComesForAWhile(followers, chat.events().size());
            chat.submit("Two", Chat.words(WORDS, PACE_MILLIS));
            gateway.awaitStatus(chat.run, "idle", SOON);
            assertThat(chat.close().statusCode()).isBetween(200, 202);
            gateway.awaitStatus(chat.run, "succeeded", SOON);
            List<JsonNode> events = chat.events();
            List<DynamicTest> tests = new ArrayList<>();
            for (Follower follower : followers) {
                Optional<Throwable> failure = follower.failure();
                tests.add(DynamicTest.dynamicTest(follower.name, () -> {
                    if (failure.isPresent()) {
                        throw new AssertionError(
                                "did not end by itself; it received " + follower.received.size() + " events",
                                failure.get());
                    }
                    receivedEverythingOnceAndInOrder(follower, events);
                }));
            }
            return tests.stream();
        } finally {
            threads.shutdownNow();
            for (Follower follower : followers) {
                follower.relay.close();
            }
        }
    }

    private static CuttingRelay relay(Gateway gateway, long seed) {
        try {
            return new CuttingRelay(gateway.uri("/"), seed, CUTS_AT_MOST, FURTHEST_BYTE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Until each has all events and its connection has had some heartbeats. One that does not get there is told of later. */
    private static void nothingComesForAWhile(List<Follower> followers, int events) {
        Awaitility.await("all events of the first half")
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> followers.stream()
                        .allMatch(it -> it.end.isDone() || it.numbered().size() >= events));
        int[] before = new int[followers.size()];
        for (int i = 0; i < before.length; i++) {
            followers.get(i).connectionsInQuiet = -followers.get(i).relay.connections();
            before[i] = followers.get(i).relay.heartbeats();
        }
        Awaitility.await("heartbeats")
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> Stream.iterate(0, i -> i < before.length, i -> i + 1)
                        .allMatch(i -> followers.get(i).end.isDone()
                                || followers.get(i).relay.heartbeats() >= before[i] + QUIET_HEARTBEATS));
        followers.forEach(it -> it.connectionsInQuiet += it.relay.connections());
    }

    private static void receivedEverythingOnceAndInOrder(Follower follower, List<JsonNode> events) {
        assertThat(follower.relay.cuts()).as("cuts").isGreaterThanOrEqualTo(FEWEST_CUTS);
        assertThat(follower.connectionsInQuiet)
                .as("connections that it began anew in a time without events")
                .isZero();
        assertThat(follower.received)
                .as("messages that no event is of")
                .noneMatch(it ->
                        it.data().isEmpty() || it.id().isEmpty() || it.type().equals("message"));
        assertThat(follower.numbered().stream().map(it -> Gateway.JSON.readTree(it.data())))
                .isEqualTo(events);
        assertThat(follower.received.getLast().type()).isEqualTo("stream.end");
    }
}
