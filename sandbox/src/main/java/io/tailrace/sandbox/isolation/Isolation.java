package io.tailrace.sandbox.isolation;

import io.tailrace.sandbox.isolation.IsolationSettings.Mode;
import io.tailrace.sandbox.process.Confinement;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * By what means this worker isolates its builds, found out once at its start. Immutable.
 *
 * @param mode never {@link Mode#AUTO}
 * @param network of builds
 * @param confinement what isolates them
 * @param limits of every build
 * @param weakness what an operator has to know, where there is something
 */
public record Isolation(
        Mode mode,
        IsolationSettings.Network network,
        Confinement confinement,
        ResourceLimits limits,
        Optional<String> weakness) {

    private static final Logger log = LoggerFactory.getLogger(Isolation.class);

    /**
     * Chooses the means, and tries them.
     *
     * @param probeFolder an empty folder in which a build is tried
     * @throws IllegalStateException when the settings demand bubblewrap and it does not work; the message says why
     */
    public static Isolation choose(IsolationSettings settings, ResourceLimits limits, Path probeFolder) {
        if (settings.mode() == Mode.TRUSTED_ONLY) {
            return trustedOnly(limits, "builds are not isolated: tailrace.worker.isolation.mode is trusted-only");
        }
        Bubblewrap bubblewrap;
        try {
            Tools tools = Tools.find();
            bubblewrap = new Bubblewrap(tools, settings, limits);
            Probe.run(bubblewrap, probeFolder);
            Optional<String> weakness = tools.isRoot()
                    ? Optional.of("the worker runs as root, and its builds as a root without capabilities: "
                            + "run it as an ordinary user")
                    : Optional.empty();
            weakness.ifPresent(text -> log.warn("Builds are isolated, but {}", text));
            return new Isolation(Mode.BUBBLEWRAP, settings.network(), bubblewrap, limits, weakness);
        } catch (Tools.Missing | Probe.Failed e) {
            if (settings.mode() == Mode.BUBBLEWRAP) {
                throw new IllegalStateException(
                        "tailrace.worker.isolation.mode is bubblewrap, and that does not work here: " + e.getMessage()
                                + ". Mend that, or set it to trusted-only if all builds are as trusted as this worker",
                        e);
            }
            return trustedOnly(limits, "builds are not isolated: " + e.getMessage());
        }
    }

    private static Isolation trustedOnly(ResourceLimits limits, String why) {
        log.warn(
                "BUILDS ARE NOT ISOLATED ({}). Whoever may start a build can read this worker's environment, its connection to the "
                        + "broker and other builds' files. Run trusted builds only.",
                why);
        return new Isolation(
                Mode.TRUSTED_ONLY,
                IsolationSettings.Network.HOST,
                new TrustedOnly(Tools.find("prlimit"), limits),
                limits,
                Optional.of(why));
    }

    /** The mode as the settings write it. */
    public String modeName() {
        return mode.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
