package io.tailrace.builds.python;

import io.tailrace.builds.phase.Inquiry;
import io.tailrace.events.text.Excerpt;
import io.tailrace.sandbox.process.CommandNotStarted;
import java.util.List;

/**
 * A Python interpreter, asked what it is.
 *
 * @param program its path
 * @param realPath the file that the path leads to
 * @param version such as 3.12.1
 * @param platform operating system and processor
 */
record Interpreter(String program, String realPath, String version, String platform) {

    private static final String QUESTION = "import os, platform, sys; assert sys.version_info >= (3, 8); "
            + "print(sys.executable, os.path.realpath(sys.executable), platform.python_version(), "
            + "sys.platform + '-' + platform.machine(), sep='\\n')";

    private static final int LINES = 4;
    private static final int MAX_SAID = 500;

    static Interpreter ask(String python, Inquiry inquiry) throws EnvironmentProblem {
        Inquiry.Answer answer;
        try {
            answer = inquiry.ask(List.of(python, "-I", "-c", QUESTION));
        } catch (CommandNotStarted e) {
            throw EnvironmentProblem.noInterpreter(python, e);
        }
        List<String> lines = answer.text().lines().toList();
        if (answer.exitCode() != 0 || lines.size() != LINES) {
            String said = answer.text().strip();
            throw EnvironmentProblem.interpreterFails(
                    python, said.isEmpty() ? "nothing" : Excerpt.beginning(said, MAX_SAID));
        }
        return new Interpreter(lines.get(0), lines.get(1), lines.get(2), lines.get(3));
    }
}
