package io.tailrace.gateway.configuration;

import io.tailrace.events.plan.Fields;
import io.tailrace.events.plan.InvalidInput;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.request.TimelyBody;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The archive of an upload: sent as the body, or named by a path below a folder that the operator listed. Bounded. */
final class ArchiveBody {
    private static final int MAX_PATH = 4096;

    private static final TimelyBody BODY = new TimelyBody();

    private final int maxBytes;
    private final List<Path> roots;

    ArchiveBody(int maxBytes, List<Path> roots) {
        this.maxBytes = maxBytes;
        this.roots = List.copyOf(roots);
    }

    /** The body as it was sent. */
    byte[] read(HttpServletRequest request) throws IOException {
        return BODY.readAll(request, maxBytes);
    }

    /** The file that a JSON body names. */
    byte[] named(@Nullable Object tree) throws IOException, InvalidInput {
        Fields fields = Fields.of("", tree, Set.of("path"));
        String text = fields.text("path", MAX_PATH).orElseThrow(() -> fields.missing("path"));
        try {
            // What a link leads to counts, and what does not exist is refused like what is not allowed.
            Path real = Path.of(text).toRealPath();
            for (Path root : roots) {
                if (Files.isDirectory(root) && real.startsWith(root.toRealPath()) && Files.isRegularFile(real)) {
                    try (InputStream in = Files.newInputStream(real)) {
                        byte[] bytes = in.readNBytes(maxBytes + 1);
                        if (bytes.length > maxBytes) {
                            throw RunProblem.bodyTooLarge(maxBytes);
                        }
                        return bytes;
                    }
                }
            }
        } catch (InvalidPathException | IOException _) {
            throw RunProblem.pathNotAllowed("path");
        }
        throw RunProblem.pathNotAllowed("path");
    }
}
