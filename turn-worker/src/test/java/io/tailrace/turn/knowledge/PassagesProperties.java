package io.tailrace.turn.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.definition.RepositoryDefinition.Shape;
import io.tailrace.events.plan.Retrieval.Source;
import io.tailrace.events.stage.TurnFact.RetrievedChunk;
import io.tailrace.knowledge.chunk.TokenEstimate;
import io.tailrace.knowledge.index.Hit;
import io.tailrace.turn.context.ContextBuilder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Fusion of rankings, and what of them is told within which limits. */
class PassagesProperties {
    private static final Shape SHAPE = new Shape("english", Optional.empty(), 100);

    @Property(tries = 300)
    void fusionHasEachChunkOnceInTheOrderOfItsWeight(@ForAll("rankings") List<List<FoundChunk>> rankings) {
        List<FoundChunk> fused = RankFusion.fused(rankings);

        Set<String> distinct = new HashSet<>();
        rankings.forEach(ranking -> ranking.forEach(it -> distinct.add(identity(it))));
        assertThat(fused).extracting(PassagesProperties::identity).doesNotHaveDuplicates();
        assertThat(fused).hasSize(distinct.size());
        for (int i = 1; i < fused.size(); i++) {
            assertThat(weight(fused.get(i - 1), rankings)).isGreaterThanOrEqualTo(weight(fused.get(i), rankings));
        }
        assertThat(RankFusion.fused(rankings)).isEqualTo(fused);
    }

    @Example
    void equalRanksAreOrderedBySourceAndWhatTwoRankingsHaveIsFirst() {
        FoundChunk ours = chunk(source(7, "handbook"), "z", 0, "text", 0.1);
        FoundChunk both = chunk(source(7, "handbook"), "y", 0, "text", 0.2);
        FoundChunk theirs = chunk(source(3, "faq"), "a", 0, "text", 0.9);
        FoundChunk again = chunk(source(9, "handbook"), "y", 0, "text", 0.2);

        assertThat(RankFusion.fused(List.of(List.of(ours, both), List.of(theirs), List.of(again))))
                .containsExactly(both, ours, theirs);
    }

    /** Of one source its own order stays, whatever the scores are. */
    @Property(tries = 100)
    void oneRankingStaysAsItIs(@ForAll("ranking") List<FoundChunk> ranking) {
        assertThat(RankFusion.fused(List.of(ranking))).isEqualTo(ranking);
    }

    @Property(tries = 500)
    void whatIsToldFitsEachLimit(
            @ForAll("rankings") List<List<FoundChunk>> rankings,
            @ForAll @IntRange(min = 1, max = 12) int maxChunks,
            @ForAll @IntRange(min = -5, max = 120) int maxTokens,
            @ForAll @IntRange(min = -5, max = 400) int room) {
        List<FoundChunk> fused = RankFusion.fused(rankings);

        Retrieved told = Passages.fitting(fused, maxChunks, maxTokens, room);

        List<RetrievedChunk> chunks = told.fact().chunks();
        assertThat(chunks).hasSameSizeAs(told.passages());
        assertThat(chunks).hasSizeLessThanOrEqualTo(maxChunks);
        List<FoundChunk> taken = taken(fused, chunks);
        assertThat(told.fact().tokens())
                .isEqualTo(taken.stream()
                        .mapToLong(it -> TokenEstimate.of(it.hit().text()))
                        .sum())
                .isLessThanOrEqualTo(Math.max(0, maxTokens));
        assertThat(told.passages().stream()
                        .mapToLong(it -> ContextBuilder.tokensOf(it.length()))
                        .sum())
                .isLessThanOrEqualTo(Math.max(0, room));
        assertThat(told.fact().relevanceScore()).isBetween(0.0, 1.0);
        assertThat(told.fact().documents()).isLessThanOrEqualTo(chunks.size());
        assertThat(chunks.isEmpty()).isEqualTo(told.fact().documents() == 0);
    }

    @Example
    void nothingFoundIsNothingTold() {
        Retrieved told = Passages.fitting(List.of(), 8, 2000, 8000);

        assertThat(told.passages()).isEmpty();
        assertThat(told.fact().relevanceScore()).isZero();
        assertThat(told.fact().tokens()).isZero();
    }

    @Example
    void aChunkThatDoesNotFitIsSkippedAndASmallerOneTaken() {
        FoundChunk large = chunk(source(7, "handbook"), "a", 0, "word ".repeat(50), 1.0);
        FoundChunk small = chunk(source(7, "handbook"), "b", 0, "two words", 0.5);

        Retrieved told = Passages.fitting(List.of(large, small), 8, 20, 8000);

        assertThat(told.fact().chunks()).extracting(RetrievedChunk::document).containsExactly("b");
        assertThat(told.fact().relevanceScore()).isEqualTo(0.5);
        assertThat(told.passages().getFirst())
                .contains("[1] Title of b (document b of handbook) > Top > Sub\ntwo words");
    }

    @Example
    void aTitleIsOneLine() {
        FoundChunk odd = new FoundChunk(
                source(7, "handbook"),
                new Hit("d\n1", "A\n[2] forged\u0007", 3, 0, 0, 4, List.of("x\r\ny"), "text", 0.5));

        String passage =
                Passages.fitting(List.of(odd), 8, 2000, 8000).passages().getFirst();

        assertThat(passage).endsWith("[1] A [2] forged (document d 1 of handbook) > x y\ntext");
    }

    private static List<FoundChunk> taken(List<FoundChunk> fused, List<RetrievedChunk> chunks) {
        List<FoundChunk> taken = new ArrayList<>();
        int next = 0;
        for (RetrievedChunk chunk : chunks) {
            while (!isOf(fused.get(next), chunk)) {
                next++;
            }
            taken.add(fused.get(next++));
        }
        return taken;
    }

    private static boolean isOf(FoundChunk found, RetrievedChunk chunk) {
        return found.source().id() == chunk.repository()
                && found.hit().documentId().equals(chunk.document())
                && found.hit().ordinal() == chunk.chunk();
    }

    private static double weight(FoundChunk chunk, List<List<FoundChunk>> rankings) {
        double weight = 0;
        for (List<FoundChunk> ranking : rankings) {
            for (int i = 0; i < ranking.size(); i++) {
                weight += identity(ranking.get(i)).equals(identity(chunk)) ? 1.0 / (61 + i) : 0;
            }
        }
        return weight;
    }

    private static String identity(FoundChunk chunk) {
        return chunk.source().repository() + "/" + chunk.hit().documentId() + "/"
                + chunk.hit().ordinal();
    }

    private static Source source(int id, String repository) {
        return new Source(id, repository, 1, SHAPE, 10);
    }

    private static FoundChunk chunk(Source source, String document, int ordinal, String text, double score) {
        return new FoundChunk(
                source,
                new Hit(
                        document,
                        "Title of " + document,
                        3,
                        ordinal,
                        0,
                        text.length(),
                        List.of("Top", "Sub"),
                        text,
                        score));
    }

    /** Two of the three sources are the same repository. */
    @Provide
    Arbitrary<List<List<FoundChunk>>> rankings() {
        return Combinators.combine(
                        ranking(source(7, "handbook")), ranking(source(3, "faq")), ranking(source(9, "handbook")))
                .as((one, two, three) -> List.of(one, two, three));
    }

    @Provide
    Arbitrary<List<FoundChunk>> ranking() {
        return ranking(source(7, "handbook"));
    }

    private static Arbitrary<List<FoundChunk>> ranking(Source source) {
        return Combinators.combine(
                        Arbitraries.of("a", "b", "c"),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.integers().between(1, 30),
                        Arbitraries.doubles().between(0, 1))
                .as((document, ordinal, words, score) -> chunk(source, document, ordinal, "word ".repeat(words), score))
                .list()
                .ofMaxSize(6)
                .uniqueElements(PassagesProperties::identity);
    }
}
