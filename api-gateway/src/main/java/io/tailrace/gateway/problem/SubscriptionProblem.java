package io.tailrace.gateway.problem;

import io.tailrace.events.id.RunId;
import java.util.List;
import java.util.stream.Collectors;

/** The problems that only stored subscriptions have. */
public final class SubscriptionProblem {
    private SubscriptionProblem() {}

    /** A subscription that does not exist, which was made sure of. */
    public static RunProblem unknownSubscription(String id) {
        return RunProblem.http(
                404, "unknown_subscription", "No such subscription", "There is no subscription " + id + ".");
    }

    /** A subscription to runs that do not exist, which was made sure of. */
    public static RunProblem unknownRuns(List<RunId> runs) {
        return RunProblem.http(
                422,
                RunProblem.UNKNOWN_RUN,
                "No such run",
                "runs",
                "There are no such runs: " + runs.stream().map(RunId::value).collect(Collectors.joining(", ")) + ".");
    }

    /** More runs than all subscriptions together may have. */
    public static RunProblem tooManySubscribedRuns(int most) {
        return RunProblem.http(
                409,
                "too_many_subscribed_runs",
                "There are too many subscriptions",
                "All subscriptions together may have " + most + " runs. Delete those that nobody uses.");
    }

    /** Something about subscriptions that the log did not take, or not surely. */
    public static RunProblem unconfirmed() {
        return RunProblem.unavailable(
                "subscription_unconfirmed",
                "The log did not confirm the subscription",
                "It may or may not have been stored. Sending the same again is safe.");
    }
}
