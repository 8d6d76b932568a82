package roman;

import java.util.function.BooleanSupplier;

/** Tests without a framework, so that the demo needs nothing but a JDK. */
public final class RomanTest {

    private int failed;

    public static void main(String[] args) throws InterruptedException {
        RomanTest tests = new RomanTest();
        for (int century = 0; century < 40; century++) {
            int from = Math.max(1, century * 100);
            int to = Math.min(3999, century * 100 + 99);
            tests.check("reads back what it writes, " + from + " to " + to, () -> roundTrip(from, to));
            Thread.sleep(60); // a person shall see that the lines come one by one
        }
        tests.check("4 is IV", () -> Roman.write(4).equals("IV"));
        tests.check("1987 is MCMLXXXVII", () -> Roman.write(1987).equals("MCMLXXXVII"));
        tests.check("IIII is refused", () -> refuses("IIII"));
        tests.check("nothing is refused", () -> refuses(""));
        System.exit(tests.failed == 0 ? 0 : 1);
    }

    private void check(String promise, BooleanSupplier test) {
        boolean good = test.getAsBoolean();
        failed += good ? 0 : 1;
        System.out.println((good ? "\033[32mPASS\033[0m " : "\033[31mFAIL\033[0m ") + promise);
    }

    private static boolean roundTrip(int from, int to) {
        for (int number = from; number <= to; number++) {
            if (Roman.read(Roman.write(number)) != number) {
                return false;
            }
        }
        return true;
    }

    private static boolean refuses(String text) {
        try {
            Roman.read(text);
            return false;
        } catch (IllegalArgumentException expected) {
            return true;
        }
    }
}
