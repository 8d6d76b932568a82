package roman;

/** Numbers from 1 to 3999 as the Romans wrote them. */
final class Roman {

    private static final int[] VALUES = {1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1};
    private static final String[] SIGNS = {"M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"};

    private Roman() {}

    static String write(int number) {
        if (number < 1 || number > 3999) {
            throw new IllegalArgumentException("the Romans had no way to write " + number);
        }
        StringBuilder text = new StringBuilder();
        int rest = number;
        for (int i = 0; i < VALUES.length; i++) {
            for (; rest >= VALUES[i]; rest -= VALUES[i]) {
                text.append(SIGNS[i]);
            }
        }
        return text.toString();
    }

    static int read(String text) {
        int number = 0;
        int at = 0;
        for (int i = 0; i < VALUES.length; i++) {
            for (; text.startsWith(SIGNS[i], at); at += SIGNS[i].length()) {
                number += VALUES[i];
            }
        }
        if (at < text.length() || number == 0 || !write(number).equals(text)) {
            throw new IllegalArgumentException("not a Roman number: " + text);
        }
        return number;
    }
}
