package io.tailrace.coordinator.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.kafka.GroupProgress;
import io.tailrace.events.kafka.GroupProgress.Place;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StandstillTest {
    private static final TopicPartition COMMANDS = new TopicPartition("commands", 0);
    private static final TopicPartition EVENTS = new TopicPartition("events", 0);
    private static final Set<TopicPartition> BOTH = Set.of(COMMANDS, EVENTS);

    private Standstill standstill = after(10);
    private long seconds;
    private Set<TopicPartition> owned = BOTH;
    private Set<TopicPartition> ours = BOTH;
    private boolean runs = true;
    private long movedAt;

    @Test
    void whatWaitsAndIsNotCommittedIsAFaultAfterHalfAMinute() {
        look(40, waiting(3), waiting(0));
        assertThat(fault()).get().asString().contains("commands-0").doesNotContain("events-0");
    }

    @Test
    void notYetBefore() {
        look(28, waiting(3), waiting(0));
        assertThat(fault()).isEmpty();
        assertThat(standstill.suspects()).containsExactly(COMMANDS);
        assertThat(standstill.longest()).isEqualTo(Duration.ofSeconds(28));
    }

    @Test
    void whatIsSlowMovesAndIsNoFault() {
        for (int i = 0; i < 20; i++) {
            look(20, new Place(i, 1000 + i * 100L), waiting(0));
            assertThat(fault()).isEmpty();
        }
        assertThat(standstill.hasMoved()).isTrue();
    }

    @Test
    void onePartitionThatStandsIsAFaultThoughAnotherMoves() {
        for (int i = 0; i < 20; i++) {
            look(2, new Place(7, 8), new Place(i, i + 5));
        }
        assertThat(fault()).get().asString().contains("commands-0").doesNotContain("events-0");
    }

    @Test
    void whileNoBrokerAnswersNoTimePasses() {
        look(28, waiting(3), waiting(0));
        standstill.blind();
        seconds += 600;
        look(0, waiting(3), waiting(0));
        look(28, waiting(3), waiting(0));
        assertThat(fault()).isEmpty();
        look(6, waiting(3), waiting(0));
        assertThat(fault()).isPresent();
    }

    @Test
    void aProcessThatStoodStillItselfIsNotItsOwnFault() {
        look(10, waiting(3), waiting(0));
        seconds += 3600;
        look(0, waiting(3), waiting(0));
        assertThat(fault()).isEmpty();
        assertThat(standstill.longest()).isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void aBigRestoreIsHeardOut() {
        runs = false;
        for (int i = 0; i < 100; i++) {
            movedAt++;
            look(10, waiting(1000), waiting(0));
            assertThat(fault()).isEmpty();
        }
        look(62, waiting(1000), waiting(0));
        assertThat(fault()).as("it does not go on").isPresent();
    }

    @Test
    void whatAnotherCoordinatorStandsOnIsItsOwnFault() {
        ours = Set.of(EVENTS);
        look(300, waiting(3), waiting(0));
        assertThat(fault()).isEmpty();
    }

    @Test
    void partitionsThatNobodyHasAreAFaultEvenIfNothingWaits() {
        owned = Set.of(EVENTS);
        ours = Set.of(EVENTS);
        look(56, waiting(0), waiting(0));
        assertThat(fault()).isEmpty();
        look(8, waiting(0), waiting(0));
        assertThat(fault()).get().asString().contains("no coordinator").contains("commands-0");
    }

    @Test
    void whatWaitsWhereNobodyReadsIsAFaultAtOnceWhenItWaitedLongEnough() {
        owned = Set.of();
        ours = Set.of();
        look(34, waiting(1), waiting(0));
        assertThat(fault()).get().asString().contains("records wait").contains("commands-0");
    }

    @Test
    void markersOfTransactionsDoNotWait() {
        for (int i = 0; i < 50; i++) {
            look(2, waiting(0), waiting(1));
            standstill.nothingWaits(Set.of(EVENTS));
            assertThat(fault()).isEmpty();
        }
    }

    @Test
    void aSessionThatNeitherRunsNorRestoresIsAFault() {
        runs = false;
        look(58, waiting(0), waiting(0));
        assertThat(fault()).isEmpty();
        look(6, waiting(0), waiting(0));
        assertThat(fault()).get().asString().contains("neither worked on nor restored");
    }

    /** It is given up when a transaction is over, its thread is replaced, and the next one waits. */
    @ParameterizedTest
    @ValueSource(ints = {2, 10, 15, 16, 20, 24, 25})
    void aTaskThatWaitsForTheSpineIsNoStandstill(int transactionSeconds) {
        standstill = after(transactionSeconds);
        runs = false;
        int givenUp = transactionSeconds + 5;
        for (int i = 0; i < 3; i++) {
            look(givenUp + 10, waiting(3), waiting(0));
            assertThat(fault()).isEmpty();
            movedAt++;
        }
        look(2 * givenUp + 60, waiting(3), waiting(0));
        assertThat(fault()).as("nobody waits for so long").isPresent();
    }

    private static Standstill after(int transactionSeconds) {
        SessionTimes times = new SessionTimes(Duration.ofSeconds(transactionSeconds), Duration.ofSeconds(10));
        return new Standstill(times.standing(), times.unowned());
    }

    private static Place waiting(long count) {
        return new Place(7, 7 + count);
    }

    /** Looks now, and then every two seconds. */
    private void look(int forSeconds, Place commands, Place events) {
        see(commands, events);
        for (int i = 0; i < forSeconds; i += 2) {
            seconds += 2;
            see(commands, events);
        }
    }

    private void see(Place commands, Place events) {
        standstill.see(new Standstill.Look(
                Duration.ofSeconds(seconds).toNanos(),
                new GroupProgress(Map.of(COMMANDS, commands, EVENTS, events)),
                owned,
                session()));
    }

    private Standstill.Session session() {
        return new Standstill.Session(ours, runs, movedAt);
    }

    private Optional<String> fault() {
        return standstill.fault(session());
    }
}
