package io.tailrace.coordinator.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.coordinator.reading.BookReading;
import io.tailrace.events.fuzz.HostileRecords;
import io.tailrace.events.fuzz.HostileRecords.Hostile;
import io.tailrace.events.id.StageId;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.log.Topic;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunFact;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/**
 * A worker that lies, with its own rights alone. Whoever may write to the topic of builds, or of turns, can end a stage
 * there; but the coordinator goes on, everybody counts the same, whatever is refused is counted, and the stages of the
 * other topic are none of its business.
 */
class HostileWorkerProperties {
    private static final StageId[] STAGES = {
        StageId.of(HostileStory.BUILD, 1),
        StageId.of(HostileStory.BUILD, 2),
        StageId.of(HostileStory.BUILD, 3),
        StageId.of(HostileStory.CHAT, 1),
        StageId.of(HostileStory.CHAT, 2),
        StageId.of(HostileStory.CHAT, 3)
    };

    @Property(tries = 300, seed = "20261129", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void aBuildWorkerStopsNobodyAndTouchesNoTurn(@ForAll("ofBuilds") List<Optional<Hostile>> acts) {
        HostileStory story = new HostileStory(HostileStory.Side.BUILDS);
        isTold(story, acts);
        untouched(story, "answers", "run.created", "run.started", "turn.submitted", "stage.requested");
    }

    @Property(tries = 300, seed = "20261130", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void aTurnWorkerStopsNobodyAndTouchesNoBuild(@ForAll("ofTurns") List<Optional<Hostile>> acts) {
        HostileStory story = new HostileStory(HostileStory.Side.TURNS);
        isTold(story, acts);
        untouched(story, "builds", "run.created", "run.started", "stage.requested");
    }

    private static void isTold(HostileStory story, List<Optional<Hostile>> acts) {
        for (Optional<Hostile> act : acts) {
            act.ifPresentOrElse(story::hostile, story::honest);
        }
        story.toTheEnd();

        assertThat(story.task
                        .registry
                        .counter("tailrace.coordinator.failed.decisions")
                        .count())
                .isZero();
        long events = BookReading.countToTheEnd(
                story.own.run(), 0, story.spine(story.own.run()), story.records(story.own.topic, story.own.run()));
        assertThat(story.completed(story.own.run()).events()).isEqualTo(events);
    }

    /** The other run stands where it stood when it was claimed, and goes on with its worker. */
    private static void untouched(HostileStory story, String worker, String... before) {
        List<String> facts = story.types(story.own.other().run());
        assertThat(facts).startsWith(before).endsWith("run.progress").hasSize(before.length + 1);
        story.completeTheOther();
        RunFact.StageFinished finished = story.facts(story.own.other().run()).stream()
                .filter(RunFact.StageFinished.class::isInstance)
                .map(RunFact.StageFinished.class::cast)
                .findFirst()
                .orElseThrow();
        assertThat(finished.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(finished.worker()).as("by the worker that holds it").contains(new WorkerId(worker));
    }

    @Provide
    Arbitrary<List<Optional<Hostile>>> ofBuilds() {
        return acts(HostileRecords.in(
                Topic.BUILD_EVENTS,
                Records.of(HostileStory.BUILD, 1, 1, 2, "evil", Records.completed(Outcome.SUCCEEDED)),
                STAGES));
    }

    @Provide
    Arbitrary<List<Optional<Hostile>>> ofTurns() {
        return acts(HostileRecords.in(
                Topic.TURN_EVENTS,
                HostileStory.turn(StageId.of(HostileStory.CHAT, 1), 1, 2, "evil", HostileStory.answer(1)),
                STAGES));
    }

    private static Arbitrary<List<Optional<Hostile>>> acts(Arbitrary<Hostile> hostile) {
        return hostile.optional(0.8).list().ofMinSize(1).ofMaxSize(30);
    }
}
