package io.tailrace.gateway.runs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.id.RunId;
import io.tailrace.events.log.Topic;
import io.tailrace.events.run.RunStatus;
import io.tailrace.events.run.RunView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** The list of runs: whatever its filter and page size, the pages together are the filtered list, in order. */
class PagingProperties {
    private static final EventCodec CODEC = new EventCodec();

    /** Times and ids from small ranges, so that many runs share a millisecond. */
    @Provide
    Arbitrary<List<RunView>> runs() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 9999),
                        Arbitraries.longs().between(0, 5),
                        Arbitraries.of(RunStatus.class),
                        Arbitraries.of("a", "b"),
                        Arbitraries.of("build", "nightly"))
                .as((id, time, status, workspace, kind) ->
                        Views.view(new RunId("r-%04d".formatted(id)), time, status, workspace, kind))
                .list()
                .ofMaxSize(60)
                .uniqueElements(RunView::runId);
    }

    @Provide
    Arbitrary<RunFilter> filters() {
        Arbitrary<Optional<Instant>> time = Arbitraries.longs()
                .between(-1, 6)
                .map(Instant::ofEpochMilli)
                .flatMap(it -> Arbitraries.of(it, it.plusNanos(500)))
                .optional();
        return Combinators.combine(
                        Arbitraries.of("a", "b")
                                .map(io.tailrace.events.id.WorkspaceId::new)
                                .optional(),
                        Arbitraries.of("build", "nightly").optional(),
                        Arbitraries.of(RunStatus.class).set().ofMaxSize(3),
                        time,
                        time)
                .as(RunFilter::new);
    }

    @Property
    void pagesTogetherAreTheFilteredList(
            @ForAll("runs") List<RunView> runs,
            @ForAll("filters") RunFilter filter,
            @ForAll @IntRange(min = 1, max = 7) int limit) {
        RunCatalogue catalogue = catalogue(runs);

        assertThat(pages(catalogue, filter, limit)).isEqualTo(expected(runs, filter));
    }

    @Property
    void runsThatComeWhileSomebodyPagesHideNoneOfTheOthers(
            @ForAll("runs") List<RunView> runs, @ForAll @IntRange(min = 1, max = 7) int limit) {
        List<RunView> before = runs.subList(0, runs.size() / 2);
        List<RunView> later = runs.subList(runs.size() / 2, runs.size());
        RunCatalogue catalogue = catalogue(before);

        RunPage first = catalogue.page(RunFilter.ALL, Optional.empty(), limit);
        later.forEach(it -> catalogue.put(it, CODEC.encode(Topic.RUNS, it)));
        List<RunId> seen = new ArrayList<>(ids(first.runs()));
        Optional<PageKey> next = first.next();
        while (next.isPresent()) {
            RunPage page =
                    catalogue.page(RunFilter.ALL, PageKey.parse(next.get().token()), limit);
            seen.addAll(ids(page.runs()));
            assertThat(seen).doesNotHaveDuplicates();
            next = page.next();
        }

        Set<RunId> missing = new HashSet<>(ids(before));
        seen.forEach(missing::remove);
        // What was on no page came after the last one: only if the first page was the whole list.
        assertThat(missing).isEmpty();
    }

    @Property
    void anotherViewOfARunReplacesTheFirst(@ForAll("runs") List<RunView> runs, @ForAll RunStatus status) {
        RunCatalogue catalogue = catalogue(runs);
        List<RunView> moved = runs.stream()
                .map(it -> Views.view(
                        it.runId(),
                        it.createdAt().toEpochMilli(),
                        status,
                        it.workspace().value(),
                        it.kind()))
                .toList();
        moved.forEach(it -> catalogue.put(it, CODEC.encode(Topic.RUNS, it)));

        assertThat(catalogue.size()).isEqualTo(runs.size());
        assertThat(pages(catalogue, RunFilter.ALL, 10)).isEqualTo(expected(moved, RunFilter.ALL));
        moved.forEach(it -> assertThat(catalogue.find(it.runId())).contains(it));
        moved.forEach(it -> catalogue.remove(it.runId()));
        assertThat(catalogue.size()).isZero();
        assertThat(catalogue.heldBytes()).isZero();
        assertThat(catalogue.page(RunFilter.ALL, Optional.empty(), 1).runs()).isEmpty();
    }

    @Property
    void tokensAreReadBack(@ForAll long time, @ForAll("runs") List<RunView> runs) {
        for (RunView run : runs) {
            PageKey key = new PageKey(time, run.runId());
            assertThat(PageKey.parse(key.token())).contains(key);
        }
    }

    @Property
    void noTextBreaksTheReadingOfTokens(@ForAll String text) {
        assertThat(PageKey.parse(text)).isEmpty();
        PageKey.parse("p1." + text)
                .ifPresent(it -> assertThat(RunId.isLegal(it.run().value())).isTrue());
    }

    private static RunCatalogue catalogue(List<RunView> runs) {
        RunCatalogue catalogue = new RunCatalogue(CODEC);
        runs.forEach(it -> catalogue.put(it, CODEC.encode(Topic.RUNS, it)));
        return catalogue;
    }

    private static List<RunView> pages(RunCatalogue catalogue, RunFilter filter, int limit) {
        List<RunView> all = new ArrayList<>();
        Optional<PageKey> next = Optional.empty();
        do {
            RunPage page = catalogue.page(filter, next, limit);
            assertThat(page.runs().size()).isLessThanOrEqualTo(limit);
            assertThat(page.next().isEmpty() || page.runs().size() == limit).isTrue();
            all.addAll(page.runs());
            assertThat(all.size()).isLessThanOrEqualTo(catalogue.size());
            next = page.next();
        } while (next.isPresent());
        return all;
    }

    private static List<RunView> expected(List<RunView> runs, RunFilter filter) {
        return runs.stream()
                .filter(it ->
                        filter.workspace().isEmpty() || filter.workspace().get().equals(it.workspace()))
                .filter(it -> filter.kind().isEmpty() || filter.kind().get().equals(it.kind()))
                .filter(it -> filter.statuses().isEmpty() || filter.statuses().contains(it.status()))
                .filter(it -> filter.createdAfter().isEmpty()
                        || it.createdAt().isAfter(filter.createdAfter().get()))
                .filter(it -> filter.createdBefore().isEmpty()
                        || it.createdAt().isBefore(filter.createdBefore().get()))
                .sorted(Comparator.comparing(RunView::createdAt)
                        .thenComparing(RunView::runId)
                        .reversed())
                .toList();
    }

    private static List<RunId> ids(List<RunView> runs) {
        return runs.stream().map(RunView::runId).toList();
    }
}
