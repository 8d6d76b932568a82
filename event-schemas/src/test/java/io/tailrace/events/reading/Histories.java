package io.tailrace.events.reading;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Random legal histories: any number of stages, attempts, zombies, duplicate claims, forced ends, late spine facts. */
final class Histories {
    private Histories() {}

    /** Scripts are lists of numbers; each number picks, and parametrises, what the state allows next. */
    static Arbitrary<History> any() {
        return Arbitraries.integers().between(0, 9_999).list().ofMaxSize(60).map(Histories::write);
    }

    /** Writes a run to its end. */
    static History write(List<Integer> script) {
        History history = new History();
        for (int choice : script) {
            step(history, choice % 12, choice / 12);
        }
        if (history.isOpen()) {
            if (!history.isStageEnded()) {
                history.abort();
            }
            history.zombie(2);
            history.finishStage();
        }
        history.completeRun();
        history.zombie(1);
        return history;
    }

    private static void step(History history, int choice, int parameter) {
        if (!history.isOpen()) {
            switch (choice) {
                case 9 -> history.zombie(1 + parameter % 6);
                case 10 -> history.closeWithoutChapter();
                default -> history.requestStage();
            }
            return;
        }
        if (history.isStageEnded()) {
            switch (choice) {
                case 0 -> history.zombie(parameter);
                case 1 -> history.requestCancel();
                case 2 -> {
                    if (parameter % 3 == 0) {
                        history.requestStageAgain();
                    }
                }
                default -> history.finishStage();
            }
            return;
        }
        switch (choice) {
            case 0, 1 -> history.zombie(parameter);
            case 2 -> history.redispatch();
            case 3 -> {
                if (parameter % 9 == 0) {
                    history.requestStageAgain();
                } else {
                    history.requestCancel();
                }
            }
            case 4 -> history.hiddenProgress();
            case 5 -> history.claim(parameter % 5 == 0 ? 10_000 : 0);
            case 6 -> {
                if (parameter % 4 == 0) {
                    history.abort();
                }
            }
            case 7 -> {
                if (history.isHeld() && parameter % 2 == 0) {
                    history.complete();
                }
            }
            case 8 -> {
                if (history.isHeld()) {
                    history.heartbeat();
                }
            }
            default -> {
                if (history.isHeld()) {
                    history.lines(1 + parameter % 5);
                } else {
                    history.claim();
                }
            }
        }
    }
}
