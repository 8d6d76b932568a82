package io.tailrace.sandbox.process;

import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.util.List;
import java.util.Map;

/**
 * The encoding in which this JVM passes a command's words and variables to the operating system: that of the locale it was
 * started in. What it cannot encode would silently become question marks. Immutable.
 */
record CommandEncoding(Charset charset) {

    static CommandEncoding ofThisJvm() {
        return new CommandEncoding(Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8")));
    }

    /** @throws CommandNotStarted when the command would get something else than it was given */
    void require(List<String> command, Map<String, String> environment) throws CommandNotStarted {
        CharsetEncoder encoder = charset.newEncoder();
        boolean encodable = command.stream().allMatch(encoder::canEncode)
                && environment.entrySet().stream()
                        .allMatch(it -> encoder.canEncode(it.getKey()) && encoder.canEncode(it.getValue()));
        if (!encodable) {
            throw CommandNotStarted.notEncodable(charset.name());
        }
    }
}
