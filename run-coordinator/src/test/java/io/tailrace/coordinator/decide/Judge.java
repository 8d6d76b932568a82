package io.tailrace.coordinator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.EventType;
import io.tailrace.events.log.Mark;
import io.tailrace.events.log.StageKind;
import io.tailrace.events.log.Topic;
import io.tailrace.events.plan.Limits;
import io.tailrace.events.plan.PromptStep;
import io.tailrace.events.plan.Step;
import io.tailrace.events.plan.StepLimits;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunEvent;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.work.BuildRequest;
import io.tailrace.events.work.StepResult;
import io.tailrace.events.work.TurnRequest;
import io.tailrace.events.work.TurnSource;
import io.tailrace.events.work.WorkRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Re-reads everything that a decider is given and says, in the plainest way, and tells at each step whether it may say
 * that, and whether it left out what it had to say. Shares no rule with the decider: it has a fence, a clock and a count
 * of its own.
 */
final class Judge implements Scene.Observer {
    private static final Duration SILENCE = Duration.ofSeconds(6);
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration REPEAT = Duration.ofMinutes(5);

    private final Limits limits;
    private final boolean chat;
    private final List<Step> plan;
    private final Map<Topic, Ticks> ticks = new EnumMap<>(Topic.class);

    /** The offsets of the records that prompts ended with, by the prompts' names. */
    private final Map<String, Long> results = new HashMap<>();

    private long inputs;
    private long events;
    private Optional<Decided> created = Optional.empty();
    private Optional<Decided> canceled = Optional.empty();
    private Optional<Decided> idle = Optional.empty();
    private Optional<Stage> open = Optional.empty();
    private Optional<Outcome> lastOutcome = Optional.empty();
    private int stages;
    private boolean closing;
    private boolean completed;

    /** What the ticks of a topic say. */
    private static final class Ticks {
        /** What those read so far add up to, each of them at most two seconds; so after each input that was a tick. */
        Duration clock = Duration.ZERO;

        final NavigableMap<Long, Duration> clockAfter = new TreeMap<>();

        /** The same before the first tick that was sent after so many inputs. */
        final NavigableMap<Long, Duration> beforeSentAfter = new TreeMap<>();

        Optional<Instant> last = Optional.empty();

        void read(Instant at, long input, long sentAfter) {
            long millis = last.map(it -> Duration.between(it, at).toMillis()).orElse(0L);
            beforeSentAfter.putIfAbsent(sentAfter, clock);
            clock = clock.plusMillis(Math.clamp(millis, 0, 2000));
            last = Optional.of(at);
            clockAfter.put(input, clock);
        }
    }

    /** A decision: when it was made, and how much time the ticks stand for at the most that lay unread then. */
    private record Decided(long input, Instant at, Topic topic, Duration behind) {}

    /** The open stage, as its records tell. */
    private static final class Stage {
        final String id;
        final Topic topic;
        final Limits limits;
        int dispatched = 1;
        Decided dispatch;
        Decided request;
        int lost;
        int hasty;
        Optional<Decided> cancel = Optional.empty();
        int holderAttempt;
        String holder = "";
        long sequence;
        boolean released;
        long firstClaim = -1;
        long claim = -1;
        long heard = -1;

        Stage(String id, Limits limits, Decided dispatch) {
            this.id = id;
            this.topic = dispatch.topic();
            this.limits = limits;
            this.dispatch = dispatch;
            this.request = dispatch;
        }

        boolean claimed() {
            return holderAttempt >= dispatched;
        }

        boolean held() {
            return claimed() && !released;
        }
    }

    Judge(Limits limits, List<Step> plan) {
        this(limits, plan, false);
    }

    private Judge(Limits limits, List<Step> plan, boolean chat) {
        this.limits = limits;
        this.plan = plan;
        this.chat = chat;
        StageKind.eventTopics().forEach(it -> ticks.put(it, new Ticks()));
    }

    static Judge ofChat(Limits limits) {
        return new Judge(limits, List.of(), true);
    }

    /** The topic of a stage, from 1: builds and prompts are executed in different ones. */
    private Topic topicOf(int stage) {
        boolean turn = chat || plan.get(stage - 1) instanceof PromptStep;
        return turn ? Topic.TURN_EVENTS : Topic.BUILD_EVENTS;
    }

    private Limits limitsOf(int stage) {
        if (chat || !(plan.get(stage - 1) instanceof PromptStep prompt)) {
            return limits;
        }
        return new Limits(
                limits.wallClock(),
                prompt.limits().flatMap(StepLimits::stageDeadline).orElse(limits.stageDeadline()),
                prompt.limits().flatMap(StepLimits::queueDeadline).orElse(limits.queueDeadline()),
                prompt.limits().flatMap(StepLimits::maxAttempts).orElse(limits.maxAttempts()));
    }

    @Override
    public void decided(Input input, Decision decision, RunState after, long tickSentAfter) {
        inputs++;
        boolean mine = input instanceof Input.Tick tick && isMine(tick);
        if (input instanceof Input.Tick tick) {
            of(tick.topic()).read(input.context().at(), inputs, tickSentAfter);
        }
        boolean ends = input instanceof Input.StageRecord record && counts(record);
        int requested = 0;
        for (RunEvent event : decision.events()) {
            requested += state(input, event, ends);
        }
        requests(input, decision.requests(), requested);
        assertThat(decision.aborts()).hasSizeLessThanOrEqualTo(1);
        decision.aborts().forEach(this::abort);
        boolean acts = !decision.aborts().isEmpty() || !decision.requests().isEmpty();
        if (mine && !completed) {
            nothingIsForgotten(acts, decision);
        }
        agrees(after);
    }

    /** Whether the run has to do with it: the open stage's topic ticks. */
    private boolean isMine(Input.Tick tick) {
        return open.map(it -> it.topic).orElse(topicOf(1)) == tick.topic();
    }

    // Time.

    private Ticks of(Topic topic) {
        return Optional.ofNullable(ticks.get(topic)).orElseThrow();
    }

    /** What the ticks of the open stage say that passed since this input was read. */
    private Duration since(long input) {
        Ticks mine = of(open.orElseThrow().topic);
        Map.Entry<Long, Duration> then = mine.clockAfter.floorEntry(input);
        return then == null ? mine.clock : mine.clock.minus(then.getValue());
    }

    /** What the ticks say that others had to answer a decision: only ticks tell that were sent after it. */
    private Duration since(Decided decision) {
        Ticks mine = of(decision.topic());
        Map.Entry<Long, Duration> then = mine.beforeSentAfter.ceilingEntry(decision.input());
        return then == null ? Duration.ZERO : mine.clock.minus(then.getValue());
    }

    private Decided now(Input input, Topic topic) {
        PartitionSnapshot snapshot = input.context().snapshot(topic);
        return new Decided(
                inputs, input.context().at(), topic, snapshot.sentClock().minus(snapshot.clock()));
    }

    /** Of a decision about the open stage. */
    private Decided now(Input input) {
        return now(input, open.map(it -> it.topic).orElse(topicOf(1)));
    }

    private static boolean over(Duration span, Duration limit) {
        return span.compareTo(limit) > 0;
    }

    // What workers say.

    /** Takes note of a record; whether it ends the open stage. */
    private boolean counts(Input.StageRecord record) {
        EventHeaders headers = record.headers();
        if (open.isEmpty()
                || record.topic() != open.get().topic
                || !headers.stage().map(it -> it.value()).equals(Optional.of(open.get().id))) {
            return false;
        }
        Stage stage = open.get();
        int attempt = headers.attempt().map(it -> it.value()).orElse(0);
        String worker = headers.worker().map(it -> it.value()).orElse("");
        if (headers.mark() == Mark.ABORT) {
            events += headers.count();
            return true;
        }
        if (headers.mark() == Mark.CLAIM) {
            if (attempt <= stage.holderAttempt || headers.attemptSequence() != 1) {
                return false;
            }
            stage.holderAttempt = attempt;
            stage.holder = worker;
            stage.sequence = 1;
            stage.released = false;
            stage.firstClaim = stage.firstClaim < 0 ? inputs : stage.firstClaim;
            stage.claim = inputs;
        } else {
            if (attempt != stage.holderAttempt
                    || !worker.equals(stage.holder)
                    || headers.attemptSequence() != stage.sequence + 1) {
                return false;
            }
            stage.sequence++;
            if (headers.type().equals(EventType.ATTEMPT_RELEASED.wireName()) && !stage.released) {
                stage.released = true;
                stage.hasty = over(Duration.ofSeconds(10), since(stage.claim)) ? stage.hasty + 1 : 0;
            }
        }
        stage.heard = inputs;
        events += headers.count();
        return headers.mark() == Mark.TERMINAL;
    }

    // What the coordinator says.

    /** Takes note of a fact that may be stated now; how many requests follow it. */
    private int state(Input input, RunEvent event, boolean ends) {
        assertThat(completed).as("nothing comes after the end").isFalse();
        RunFact fact = event.payload();
        events += fact.count();
        event.runSequence()
                .ifPresent(it -> assertThat(it).as("sequence of %s", fact).isEqualTo(events));
        boolean numbered = event.runSequence().isPresent();
        assertThat(numbered).as("numbered: %s", fact).isEqualTo(mustBeNumbered(fact));
        switch (fact) {
            case RunFact.RunCreated _ -> {
                assertThat(created).isEmpty();
                assertThat(input).isInstanceOf(Input.Create.class);
                created = Optional.of(now(input, chat || !plan.isEmpty() ? topicOf(1) : Topic.BUILD_EVENTS));
            }
            case RunFact.RunStarted _ -> idle = chat ? Optional.of(now(input)) : Optional.empty();
            case RunFact.StageRequested it -> {
                assertThat(open).as("one stage at a time").isEmpty();
                assertThat(canceled).as("no stage after a cancel").isEmpty();
                stages++;
                assertThat(it.step()).isEqualTo(stages);
                assertThat(it.chapterFrom())
                        .isEqualTo(input.context().snapshot(topicOf(stages)).chapterFrom());
                if (!chat) {
                    assertThat(stages).isLessThanOrEqualTo(plan.size());
                    assertThat(lastOutcome.orElse(Outcome.SUCCEEDED)).isEqualTo(Outcome.SUCCEEDED);
                }
                open = Optional.of(new Stage(
                        event.stageId().orElseThrow().value(), limitsOf(stages), now(input, topicOf(stages))));
                idle = Optional.empty();
                return 1;
            }
            case RunFact.StageRedispatched it -> {
                redispatched(input, it);
                return 1;
            }
            case RunFact.RunProgress it -> {
                assertThat(((Input.StageRecord) input).headers().mark()).isEqualTo(Mark.CLAIM);
                assertThat(it.attempt().value()).isEqualTo(open.orElseThrow().holderAttempt);
            }
            case RunFact.StageFinished it -> {
                assertThat(ends).as("a stage ends by a record that ends it").isTrue();
                Optional<StageEnd> end = ((Input.StageRecord) input).end();
                assertThat(it.outcome()).isEqualTo(end.map(StageEnd::outcome).orElse(Outcome.FAILED));
                lastOutcome = Optional.of(it.outcome());
                if (!chat && end.flatMap(StageEnd::turn).isPresent()) {
                    plan.get(stages - 1)
                            .name()
                            .ifPresent(name -> results.put(name, ((Input.StageRecord) input).offset()));
                }
                open = Optional.empty();
                idle = chat ? Optional.of(now(input)) : Optional.empty();
            }
            case RunFact.RunCancelRequested _ -> {
                assertThat(input).isInstanceOf(Input.Cancel.class);
                assertThat(canceled).as("canceled once").isEmpty();
                canceled = Optional.of(now(input));
                open.ifPresent(it -> it.cancel = canceled);
            }
            case RunFact.TurnCancelRequested _ -> {
                assertThat(input).isInstanceOfAny(Input.CancelOfTurn.class, Input.Submit.class);
                assertThat(open.orElseThrow().cancel).as("canceled once").isEmpty();
                open.get().cancel = Optional.of(now(input));
            }
            case RunFact.RunCloseRequested _ -> {
                assertThat(closing).as("closed once").isFalse();
                closing = true;
                if (input instanceof Input.Tick) {
                    assertThat(open).as("unused").isEmpty();
                    assertThat(since(idle.orElseThrow())).isGreaterThan(Scene.IDLE_TIMEOUT);
                } else {
                    assertThat(input).isInstanceOf(Input.Close.class);
                }
            }
            case RunFact.TurnSubmitted _ -> {
                assertThat(input).isInstanceOf(Input.Submit.class);
                assertThat(closing).isFalse();
                assertThat(canceled).isEmpty();
            }
            case RunFact.TurnRejected _ -> {}
            case RunFact.OfApproval _ -> throw new AssertionError("no step has tools");
            case RunFact.RunCompleted it -> {
                assertThat(open).as("no stage is lost").isEmpty();
                boolean byFailure = !chat
                        && lastOutcome.filter(last -> last != Outcome.SUCCEEDED).isPresent();
                boolean byPlan = chat ? closing : stages == plan.size();
                assertThat(byFailure || byPlan || canceled.isPresent())
                        .as("why it ends: %s", it)
                        .isTrue();
                completed = true;
            }
        }
        return 0;
    }

    private boolean mustBeNumbered(RunFact fact) {
        return open.isEmpty() || fact instanceof RunFact.StageFinished;
    }

    private void redispatched(Input input, RunFact.StageRedispatched fact) {
        Stage stage = open.orElseThrow();
        assertThat(stage.cancel).as("what is canceled is given to nobody").isEmpty();
        assertThat(fact.attempt().value())
                .as("fences off all before")
                .isGreaterThan(Math.max(stage.dispatched, stage.holderAttempt));
        switch (fact.reason()) {
            case SILENCE -> {
                assertThat(stage.held()).isTrue();
                assertThat(since(stage.heard)).as("silence").isGreaterThan(SILENCE);
                stage.lost++;
                assertThat(stage.lost).as("losses").isLessThan(stage.limits.maxAttempts());
            }
            case RELEASED -> {
                assertThat(stage.claimed() && stage.released).as("released").isTrue();
                assertThat(stage.hasty).isLessThan(StageWatch.MOST_HASTY_RELEASES);
            }
        }
        stage.dispatched = fact.attempt().value();
        stage.dispatch = now(input);
        stage.request = stage.dispatch;
    }

    private void requests(Input input, List<WorkRequest> requests, int dispatched) {
        if (requests.size() == 1 && dispatched == 0) {
            Stage stage = open.orElseThrow();
            Duration age = Duration.between(stage.request.at(), input.context().at());
            assertThat(over(since(stage.request), REPEAT) || over(age, queueDeadline(stage)))
                    .as("why the request is repeated")
                    .isTrue();
            assertThat(stage.cancel).isEmpty();
            stage.request = now(input);
        } else {
            assertThat(requests).hasSize(dispatched);
        }
        for (WorkRequest request : requests) {
            Stage stage = open.orElseThrow();
            switch (request) {
                case BuildRequest it -> {
                    assertThat(stage.topic).isEqualTo(Topic.BUILD_EVENTS);
                    asks(it.step(), it.resultList());
                }
                case TurnRequest it -> {
                    assertThat(stage.topic).isEqualTo(Topic.TURN_EVENTS);
                    assertThat(it.source() instanceof TurnSource.ChatMessage).isEqualTo(chat);
                    if (it.source() instanceof TurnSource.PlanPrompt prompt) {
                        asks(prompt.step(), prompt.results());
                    }
                }
            }
            assertThat(request.stageId().value() + "/" + request.attempt().value())
                    .isEqualTo(stage.id + "/" + stage.dispatched);
            assertThat(stage.claimed()).as("a request is for what nobody has").isFalse();
        }
    }

    /** A request has the step as the plan has it, and says of each result that it names where that lies. */
    private void asks(Step step, List<StepResult> told) {
        assertThat(step).isEqualTo(plan.get(stages - 1));
        Map<String, Long> offsets = new HashMap<>();
        for (StepResult result : told) {
            assertThat(result.position().topic()).isEqualTo(Topic.TURN_EVENTS);
            assertThat(result.position().partition()).isEqualTo(Scene.PARTITION);
            assertThat(plan.get(Integer.parseInt(result.stage()
                                            .value()
                                            .substring(result.stage().value().lastIndexOf('.') + 1))
                                    - 1)
                            .name())
                    .contains(result.step());
            offsets.put(result.step(), result.position().offset());
        }
        assertThat(offsets).hasSize(told.size()).containsOnlyKeys(step.uses());
        offsets.forEach((name, offset) -> assertThat(results).containsEntry(name, offset));
    }

    private static Duration queueDeadline(Stage stage) {
        return stage.limits.queueDeadline().compareTo(Limits.MAX_QUEUE_DEADLINE) < 0
                ? stage.limits.queueDeadline()
                : Limits.MAX_QUEUE_DEADLINE;
    }

    /** No end by force without its cause. */
    private void abort(Decision.Abort abort) {
        Stage stage = open.orElseThrow();
        assertThat(abort.stage().value()).isEqualTo(stage.id);
        boolean silent = stage.held() && over(since(stage.heard), SILENCE);
        boolean caused = switch (abort.end().reason()) {
            case CANCELED_IN_QUEUE -> stage.cancel.isPresent() && !stage.held();
            case CANCEL_UNHEEDED ->
                stage.held()
                        && stage.cancel
                                .filter(it -> silent || over(since(it), GRACE))
                                .isPresent();
            case QUEUE_DEADLINE -> !stage.claimed() && over(since(stage.dispatch), queueDeadline(stage));
            case STAGE_DEADLINE -> stage.firstClaim >= 0 && over(since(stage.firstClaim), stage.limits.stageDeadline());
            case WALL_CLOCK -> !chat && over(since(created.orElseThrow()), limits.wallClock());
            case ATTEMPTS_EXHAUSTED ->
                (silent && stage.lost + 1 >= stage.limits.maxAttempts())
                        || (stage.claimed() && stage.released && stage.hasty >= StageWatch.MOST_HASTY_RELEASES)
                        || (stage.holderAttempt == EventHeaders.MAX_ATTEMPT && (silent || stage.released));
        };
        assertThat(caused).as("the cause of %s", abort.end()).isTrue();
        boolean byCancel = abort.end().outcome() == Outcome.CANCELED;
        assertThat(byCancel).isEqualTo(stage.cancel.isPresent());
    }

    /** After a tick: what is due is done. */
    private void nothingIsForgotten(boolean acts, Decision decision) {
        idle.filter(it -> !closing)
                .ifPresent(it -> assertThat(overdue(it, Scene.IDLE_TIMEOUT))
                        .as("an unused chat is closed")
                        .isFalse());
        if (open.isEmpty()) {
            assertThat(chat && !closing && canceled.isEmpty())
                    .as("only a chat waits")
                    .isTrue();
            return;
        }
        Stage stage = open.get();
        boolean lost = (stage.claimed() && stage.released) || (stage.held() && over(since(stage.heard), SILENCE));
        boolean forced = stage.cancel.isPresent()
                ? !stage.held() || overdue(stage.cancel.get(), GRACE)
                : (stage.firstClaim >= 0 && over(since(stage.firstClaim), stage.limits.stageDeadline()))
                        || (!stage.claimed() && overdue(stage.dispatch, queueDeadline(stage)))
                        || (!chat && overdue(created.orElseThrow(), limits.wallClock()));
        if (forced) {
            assertThat(decision.aborts()).as("what is overdue is ended").hasSize(1);
        } else if (lost || (!stage.claimed() && overdue(stage.request, REPEAT))) {
            assertThat(acts).as("what is lost is taken up").isTrue();
        }
    }

    private boolean overdue(Decided since, Duration limit) {
        return over(since(since), limit.plus(since.behind()));
    }

    /** The state says what the records say. */
    private void agrees(RunState state) {
        assertThat(state instanceof RunState.Completed).isEqualTo(completed);
        assertThat(state instanceof RunState.Open).isEqualTo(open.isPresent());
        if (state instanceof RunState.Open it) {
            Stage stage = open.orElseThrow();
            assertThat(it.stage().id().value()).isEqualTo(stage.id);
            assertThat(it.stage().dispatch().attempt().value()).isEqualTo(stage.dispatched);
            assertThat(it.stage().isClaimed()).isEqualTo(stage.claimed());
            assertThat(it.stage().isHeld()).isEqualTo(stage.held());
            assertThat(it.stage().dispatch().lost()).isEqualTo(stage.lost);
            assertThat(it.closingSequence()).isEqualTo(events + 1);
            assertThat(it instanceof RunState.Canceling).isEqualTo(canceled.isPresent());
        } else if (state instanceof RunState.Idle it) {
            assertThat(it.totals().sequence()).isEqualTo(events);
            assertThat(it.conversation().closing()).isFalse();
        }
    }
}
