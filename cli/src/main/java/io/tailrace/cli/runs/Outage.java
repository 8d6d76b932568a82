package io.tailrace.cli.runs;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** What a person is told of a connection that is not there: once, and until when it is tried. Confined to one thread. */
public final class Outage {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    private final URI gateway;
    private final Clock clock;
    private boolean wasThere;
    private boolean told;

    public Outage(URI gateway, Clock clock) {
        this.gateway = gateway;
        this.clock = clock;
    }

    /** Whether there has been a connection. */
    public boolean hasBeenConnected() {
        return wasThere;
    }

    /** There is none; empty if that has been said. */
    public Optional<String> lost(String reason, Duration patience) {
        if (told) {
            return Optional.empty();
        }
        told = true;
        LocalTime until = LocalTime.now(clock).plus(patience).truncatedTo(ChronoUnit.SECONDS);
        String trying = "; trying again until " + TIME.format(until);
        return Optional.of(
                wasThere
                        ? "lost the gateway (" + reason + ")" + trying + ", nothing will be missing"
                        : "cannot reach the gateway at " + gateway + " (" + reason + ")" + trying);
    }

    /** There is one; empty if nobody was told that there was none. */
    public Optional<String> back() {
        Optional<String> text =
                Optional.of(wasThere ? "connected again" : "connected").filter(it -> told);
        wasThere = true;
        told = false;
        return text;
    }
}
