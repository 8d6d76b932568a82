package io.tailrace.gateway.decision;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Why a recorded command was not seen decided in time.
 *
 * @param undecided how many commands of its partition waited; 0 if none did, or if that is not known
 */
public record WaitingFor(Reason reason, long undecided) {
    /** What holds it up. */
    public enum Reason {
        /** Commands wait, and none is being decided. */
        NO_COORDINATOR("no_coordinator"),
        /** Commands before it are being decided. */
        COORDINATOR_BEHIND("coordinator_behind"),
        /** It may be decided already: the log gives it late, or does not say. */
        LOG_SLOW("log_slow");

        private final String wireName;

        Reason(String wireName) {
            this.wireName = wireName;
        }
    }

    static WaitingFor of(DecisionReport report, int partition) {
        if (report.isUnknown()) {
            return new WaitingFor(Reason.LOG_SLOW, 0);
        }
        long undecided = report.partitions().get(partition).undecided();
        if (report.isStalled(partition)) {
            return new WaitingFor(Reason.NO_COORDINATOR, undecided);
        }
        return new WaitingFor(undecided > 0 ? Reason.COORDINATOR_BEHIND : Reason.LOG_SLOW, undecided);
    }

    /** In one sentence for people. */
    public String detail() {
        return switch (reason) {
            case NO_COORDINATOR -> "Nobody decides at the moment: what was asked for is recorded and waits.";
            case COORDINATOR_BEHIND ->
                "The coordinator is behind: "
                        + (undecided == 1 ? "1 command waits" : undecided + " commands wait")
                        + " in this partition.";
            case LOG_SLOW -> "The log is slow: the decision was not seen in time.";
        };
    }

    /** As JSON has it. */
    public Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("reason", reason.wireName);
        tree.put("undecided_commands", undecided);
        tree.put("detail", detail());
        return tree;
    }
}
