package io.tailrace.knowledge.index;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.cjk.CJKBigramFilter;
import org.apache.lucene.analysis.cjk.CJKWidthFilter;
import org.apache.lucene.analysis.miscellaneous.WordDelimiterGraphFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/**
 * Text to terms, for chunks and questions alike. Words by Unicode's rules; Chinese, Japanese and Korean in pairs of
 * characters; names of code ({@code parseRetryAfter}, {@code node.js}, {@code max_bytes}) as a whole and in their parts;
 * then the language's stems. Thread-safe.
 */
final class Analysis implements AutoCloseable {
    /** More than people ask; it bounds what a question costs. */
    static final int MAX_QUESTION_TERMS = 64;

    private static final int CODE = WordDelimiterGraphFilter.GENERATE_WORD_PARTS
            | WordDelimiterGraphFilter.GENERATE_NUMBER_PARTS
            | WordDelimiterGraphFilter.SPLIT_ON_CASE_CHANGE
            | WordDelimiterGraphFilter.PRESERVE_ORIGINAL
            | WordDelimiterGraphFilter.STEM_ENGLISH_POSSESSIVE;

    private final Analyzer analyzer;
    private final Set<String> stopTerms;

    Analysis(Language language) {
        this.analyzer = new Analyzer() {
            @Override
            protected TokenStreamComponents createComponents(String field) {
                Tokenizer words = new StandardTokenizer();
                TokenStream terms = new CJKBigramFilter(new CJKWidthFilter(words));
                terms = new LowerCaseFilter(new WordDelimiterGraphFilter(terms, CODE, null));
                return new TokenStreamComponents(words, language.stemmed(terms));
            }
        };
        this.stopTerms = Set.copyOf(terms(language.stopWords()));
    }

    /** In the text's order, with repetitions. */
    List<String> terms(String text) {
        List<String> terms = new ArrayList<>();
        try (TokenStream stream = analyzer.tokenStream("text", text)) {
            CharTermAttribute term = stream.getAttribute(CharTermAttribute.class);
            stream.reset();
            while (stream.incrementToken()) {
                terms.add(term.toString());
            }
            stream.end();
            return terms;
        } catch (IOException e) {
            throw new UncheckedIOException("reading a string", e);
        }
    }

    /**
     * Each once, in the question's order, without words that have no meaning of their own, unless it has no others. At
     * most {@link #MAX_QUESTION_TERMS}.
     */
    List<String> questionTerms(String question) {
        Set<String> all = new LinkedHashSet<>(terms(question));
        List<String> telling =
                all.stream().filter(it -> !stopTerms.contains(it)).toList();
        List<String> terms = telling.isEmpty() ? List.copyOf(all) : telling;
        return terms.size() <= MAX_QUESTION_TERMS ? terms : terms.subList(0, MAX_QUESTION_TERMS);
    }

    @Override
    public void close() {
        analyzer.close();
    }
}
