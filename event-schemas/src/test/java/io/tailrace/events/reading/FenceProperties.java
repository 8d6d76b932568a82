package io.tailrace.events.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.id.Attempt;
import io.tailrace.events.id.EventId;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.Mark;
import io.tailrace.events.reading.Fence.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** The fence against its definition, told over the whole journal anew at each record. */
class FenceProperties {
    private static final StageId STAGE = StageId.of(new RunId("r-fence"), 1);

    @Provide
    Arbitrary<List<EventHeaders>> journals() {
        Arbitrary<Integer> attempts = Arbitraries.frequencyOf(
                Tuple.of(9, Arbitraries.integers().between(1, 3)),
                Tuple.of(1, Arbitraries.of(EventHeaders.MAX_ATTEMPT - 1, EventHeaders.MAX_ATTEMPT)));
        Arbitrary<Long> sequences = Arbitraries.frequencyOf(
                Tuple.of(9, Arbitraries.longs().between(1, 5)),
                Tuple.of(1, Arbitraries.of(Long.MAX_VALUE, Long.MAX_VALUE - 1)));
        Arbitrary<Mark> marks = Arbitraries.frequency(
                Tuple.of(8, Mark.NONE), Tuple.of(4, Mark.CLAIM), Tuple.of(1, Mark.TERMINAL), Tuple.of(1, Mark.ABORT));
        return Combinators.combine(marks, attempts, sequences, Arbitraries.of("a", "b"))
                .as(FenceProperties::headers)
                .list()
                .ofMaxSize(40);
    }

    private static EventHeaders headers(Mark mark, int attempt, long sequence, String worker) {
        boolean coordinators = mark == Mark.ABORT;
        return new EventHeaders(
                "any",
                EventId.of(new UUID(1, 2)),
                mark,
                1,
                Optional.of(STAGE),
                coordinators ? Optional.empty() : Optional.of(new Attempt(attempt)),
                coordinators ? 0 : mark == Mark.CLAIM && sequence < 5 ? 1 : sequence,
                coordinators ? Optional.empty() : Optional.of(new WorkerId(worker)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    @Property(tries = 3000)
    void everyVerdictIsThatOfTheDefinition(@ForAll("journals") List<EventHeaders> journal) {
        Fence fence = Fence.OPEN;
        List<EventHeaders> counted = new ArrayList<>();
        for (EventHeaders record : journal) {
            Fence.Judgment judgment = fence.judge(record);
            Verdict right = defined(counted, record);
            assertThat(judgment.verdict()).as("%s after %s", record, counted).isEqualTo(right);
            if (right != Verdict.VOID) {
                counted.add(record);
                boolean aborted = record.mark() == Mark.ABORT;
                assertThat(Fence.after(record))
                        .as("who resumes after a record that counts goes on like who read up to it")
                        .isEqualTo(aborted ? new Fence(Optional.empty(), 0, true) : judgment.next());
            } else {
                assertThat(judgment.next()).isEqualTo(fence);
            }
            fence = judgment.next();
        }
    }

    private static Verdict defined(List<EventHeaders> counted, EventHeaders record) {
        if (counted.stream().anyMatch(it -> it.mark() == Mark.TERMINAL || it.mark() == Mark.ABORT)) {
            return Verdict.VOID;
        }
        if (record.mark() == Mark.ABORT) {
            return Verdict.ENDS;
        }
        List<EventHeaders> claims =
                counted.stream().filter(it -> it.mark() == Mark.CLAIM).toList();
        int attempt = record.attempt().orElseThrow().value();
        if (record.mark() == Mark.CLAIM) {
            boolean highest =
                    claims.stream().allMatch(it -> it.attempt().orElseThrow().value() < attempt);
            return highest && record.attemptSequence() == 1 ? Verdict.CLAIMS : Verdict.VOID;
        }
        if (claims.isEmpty()) {
            return Verdict.VOID;
        }
        EventHeaders holder = claims.getLast();
        boolean holders =
                holder.attempt().equals(record.attempt()) && holder.worker().equals(record.worker());
        long before = counted.stream()
                .filter(it -> it.attempt().equals(holder.attempt()))
                .count();
        if (!holders || record.attemptSequence() != before + 1) {
            return Verdict.VOID;
        }
        return record.mark() == Mark.TERMINAL ? Verdict.ENDS : Verdict.COUNTS;
    }
}
