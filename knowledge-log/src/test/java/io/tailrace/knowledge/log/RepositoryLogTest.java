package io.tailrace.knowledge.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.definition.RepositoryDefinition.Model;
import io.tailrace.events.definition.RepositoryDefinition.Shape;
import io.tailrace.events.id.WorkspaceId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RepositoryLogTest {
    private static final Shape SHAPE = new Shape("english", Optional.of(new Model("m", 4)), 100);

    private static RepositoryLog log(String workspace, String id, int generation, Shape shape) {
        return new RepositoryLog(new WorkspaceId(workspace), id, generation, shape);
    }

    /** Whatever differs, it is another log with another index. */
    @Test
    void eachRepositoryHasALogOfItsOwn() {
        List<RepositoryLog> logs = List.of(
                log("w", "a", 1, SHAPE),
                log("w", "a", 2, SHAPE),
                log("w", "b", 1, SHAPE),
                log("v", "a", 1, SHAPE),
                log("w", "a", 1, new Shape("german", SHAPE.model(), 100)),
                log("w", "a", 1, new Shape("english", Optional.empty(), 100)),
                log("w", "a", 1, new Shape("english", Optional.of(new Model("m", 8)), 100)),
                log("w", "a", 1, new Shape("english", SHAPE.model(), 99)));
        assertThat(logs.stream().map(RepositoryLog::name)).doesNotHaveDuplicates();
        assertThat(logs.stream().map(RepositoryLog::folderName)).doesNotHaveDuplicates();
        assertThat(Stream.of("t1", "t2").map(it -> logs.getFirst().indexSettings(it)))
                .doesNotHaveDuplicates();
    }

    /** The name is in each record for ever. */
    @Test
    void aLogIsNamedInTheSameWayInEachRelease() {
        assertThat(log("w", "a", 2, SHAPE).name()).isEqualTo("w/a/2-3f53412c43be");
    }
}
