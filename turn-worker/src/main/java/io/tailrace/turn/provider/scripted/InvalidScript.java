package io.tailrace.turn.provider.scripted;

import io.tailrace.turn.provider.call.InvalidRequest;

/** A script that cannot be played. */
final class InvalidScript {

    private InvalidScript() {}

    /** Names the place in the script, and what is wrong there. */
    static InvalidRequest at(String path, String reason) {
        return new InvalidRequest("The script cannot be played: " + path + " " + reason + ".");
    }
}
