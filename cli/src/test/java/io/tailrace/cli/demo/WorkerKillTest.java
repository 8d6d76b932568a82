package io.tailrace.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WorkerKillTest {
    private final List<String> asked = new ArrayList<>();
    private final List<String> said = new ArrayList<>();
    private final WorkerKill kill = new WorkerKill(
            "two?",
            2,
            worker -> {
                asked.add(worker);
                return Optional.empty();
            },
            said::add);

    private static Events turn(Events events, String stage, int attempt, String worker, String question) {
        return events.add(stage, attempt, worker, "attempt.started", "{}")
                .add(stage, attempt, worker, "turn.started", "{'text':'" + question + "'}")
                .answer(stage, attempt, worker, "a", "b", "c");
    }

    @Test
    void onlyTheWorkerOfTheQuestionsFirstAttemptIsLookedForOnce() {
        Events events = new Events();
        turn(events, "s1", 1, "w1", "one?");
        turn(events, "s2", 1, "w2", "two?");
        turn(events, "s2", 2, "w3", "two?");
        events.list().forEach(kill::event);
        assertThat(asked).containsExactly("w2");
    }

    @Test
    void aWorkerThatIsNotOursIsNotKilledAndThatIsSaid() {
        turn(new Events(), "s2", 1, "somebody-s", "two?").list().forEach(kill::event);
        assertThat(kill.killed()).isEmpty();
        assertThat(said).singleElement().asString().contains("somebody-s", "does not kill it");
    }
}
