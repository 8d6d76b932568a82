package io.tailrace.knowledge.chunk;

import io.tailrace.knowledge.text.Block;
import java.util.ArrayList;
import java.util.List;

/** The headings that a place stands under. */
final class HeadingPath {
    private final List<Block.Heading> open = new ArrayList<>();

    void enter(Block.Heading heading) {
        while (!open.isEmpty() && open.getLast().level() >= heading.level()) {
            open.removeLast();
        }
        open.add(heading);
    }

    List<String> titles() {
        return open.stream().map(Block.Heading::title).toList();
    }
}
