package io.tailrace.turn.provider.scripted;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Cuts a text into its words, each with the spaces after it; together they are the text. */
final class Words {

    private static final Pattern WORD = Pattern.compile("\\s*\\S+\\s*|\\s+");

    private Words() {}

    static List<String> of(String text) {
        return WORD.matcher(text).results().map(MatchResult::group).toList();
    }
}
