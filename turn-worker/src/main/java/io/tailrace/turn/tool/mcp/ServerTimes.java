package io.tailrace.turn.tool.mcp;

import java.time.Duration;

/**
 * How long things about a server may take.
 *
 * @param start until it has answered the handshake and has listed its tools
 * @param idle without a call, until it is ended
 * @param answer to a ping after a call was canceled; without one it is replaced
 * @param grace between being asked to end and being killed
 * @param pause before it is started after its second failure in a row; doubled with each further one
 * @param longestPause however often it failed
 */
record ServerTimes(
        Duration start, Duration idle, Duration answer, Duration grace, Duration pause, Duration longestPause) {

    static final ServerTimes DEFAULT = new ServerTimes(
            Duration.ofSeconds(30),
            Duration.ofMinutes(10),
            Duration.ofSeconds(5),
            Duration.ofSeconds(2),
            Duration.ofSeconds(1),
            Duration.ofMinutes(1));

    /** Before the next start; none after the first failure, so that the next call gets a new server. */
    Duration pauseAfter(int failures) {
        if (failures < 2) {
            return Duration.ZERO;
        }
        Duration doubled = pause.multipliedBy(1L << Math.min(failures - 2, 20));
        return doubled.compareTo(longestPause) < 0 ? doubled : longestPause;
    }
}
