package io.tailrace.cli.stack;

import io.tailrace.local.stack.StackStatus;
import io.tailrace.local.stack.StackStatus.Member;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tailrace services logs}. */
@Command(name = "logs", mixinStandardHelpOptions = true, description = "Prints what processes have logged.")
public final class LogsCommand implements Callable<Integer> {

    private static final long LOOK_AGAIN_MILLIS = 200;

    @Mixin
    private DataOption data = new DataOption();

    @Parameters(
            arity = "0..*",
            paramLabel = "NAME",
            description = "Such as gateway-1 or build-worker; all when none is named.")
    private List<String> names = new ArrayList<>();

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what is logged from now on.")
    private boolean follow;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            defaultValue = "50",
            description = "How many lines of each to begin with (default: ${DEFAULT-VALUE}).")
    private int lines;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (lines < 0) {
            throw new IllegalArgumentException("--lines must be 0 or more, not " + lines);
        }
        List<Member> all = StackStatus.recorded(data.path());
        if (all.isEmpty()) {
            throw new IllegalArgumentException(
                    "Nothing was started on " + data.path() + " yet. Start it with 'tailrace up'");
        }
        List<Member> chosen =
                all.stream().filter(member -> isChosen(member.name())).toList();
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException("There is no such process on " + data.path() + ". There are: "
                    + all.stream().map(Member::name).collect(Collectors.joining(", ")));
        }
        List<LogTail> tails = new ArrayList<>();
        for (Member member : chosen) {
            String prefix = chosen.size() == 1 ? "" : member.name() + " | ";
            LogTail tail = new LogTail(member.log());
            tail.last(lines).forEach(line -> System.out.println(prefix + line));
            tails.add(tail);
        }
        while (follow) {
            for (int i = 0; i < tails.size(); i++) {
                String prefix = chosen.size() == 1 ? "" : chosen.get(i).name() + " | ";
                tails.get(i).more().forEach(line -> System.out.println(prefix + line));
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
        }
        return 0;
    }

    private boolean isChosen(String member) {
        return names.isEmpty() || names.stream().anyMatch(name -> member.equals(name) || member.startsWith(name + "-"));
    }
}
