package io.tailrace.local.stack;

import java.util.Comparator;

/** The names of a stack's processes: kind, hyphen, number. */
final class MemberNames {

    /** Brokers first, then by kind, then by number. */
    static final Comparator<String> ORDER = Comparator.comparingInt(MemberNames::rank)
            .thenComparing(MemberNames::kind)
            .thenComparingInt(MemberNames::number)
            .thenComparing(Comparator.naturalOrder());

    private MemberNames() {}

    private static int rank(String name) {
        return isBroker(name) ? 0 : 1;
    }

    static boolean isBroker(String name) {
        return kind(name).equals("broker");
    }

    private static String kind(String name) {
        int hyphen = name.lastIndexOf('-');
        return hyphen < 0 ? name : name.substring(0, hyphen);
    }

    private static int number(String name) {
        String digits = name.substring(name.lastIndexOf('-') + 1);
        return digits.matches("[0-9]{1,6}") ? Integer.parseInt(digits) : 0;
    }
}
