package io.tailrace.knowledge.index;

import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.de.GermanLightStemFilter;
import org.apache.lucene.analysis.de.GermanNormalizationFilter;
import org.apache.lucene.analysis.en.KStemFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;

/**
 * The language that a repository's words are bent in, and its words without a meaning of their own. Names are stored
 * with an index. To change what one does is a new {@link RepositoryIndex#FORMAT}.
 */
public enum Language {
    ENGLISH("a about an and any are as at be been being but by can could did do does done for from had has have having"
            + " he her hers him his how i if in into is it its let may me might must my no nor not of off on"
            + " once one onto or our ours out over shall she should so some such than that the their theirs them"
            + " then there these they this those through to too until up upon us very was we were what when"
            + " where whether which while who whom whose why will with within without would you your yours"),
    GERMAN("aber als also am an auch auf aus bei beim bin bis da damit dann das dass dem den denn der des dessen die"
            + " dies diese diesem diesen dieser dieses doch dort du durch ein eine einem einen einer eines er es"
            + " euer für gegen hat habe haben hatte hier ich ihm ihn ihr ihre im in ins ist ja jede jedem jeden"
            + " jeder jedes kann kein keine können man mein mich mir mit muss müssen nach nicht noch nun nur ob"
            + " oder ohne sehr sein seine sich sie sind so soll sollen über um und uns unser unter vom von vor"
            + " wann war waren warum was wegen welche welcher welches wenn wer werden wie wieder will wir wird"
            + " wo wurde würde zu zum zur"),
    /** Words are taken as they are. */
    OTHER("");

    private final String stopWords;

    Language(String stopWords) {
        this.stopWords = stopWords;
    }

    TokenStream stemmed(TokenStream words) {
        return switch (this) {
            case ENGLISH -> new KStemFilter(new ASCIIFoldingFilter(words));
            case GERMAN -> new GermanLightStemFilter(new GermanNormalizationFilter(words));
            case OTHER -> new ASCIIFoldingFilter(words);
        };
    }

    /** Parted by spaces, not stemmed. */
    String stopWords() {
        return stopWords;
    }
}
