package roman;

/** Prints its arguments as Roman numbers. */
public final class Main {

    public static void main(String[] args) {
        for (String arg : args) {
            System.out.println(arg + " = \033[1;36m" + Roman.write(Integer.parseInt(arg)) + "\033[0m");
        }
    }
}
