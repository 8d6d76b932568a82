package io.tailrace.knowledge.chunk;

import io.tailrace.knowledge.text.Block;
import io.tailrace.knowledge.text.DocumentText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a text into chunks. Together they have the whole text but for white space, in order, none twice, and none is
 * above the limits. A chunk ends before a heading, unless it has had nothing but headings so far. A paragraph or code
 * block that fits in one chunk is in one; others are cut at the best place ({@link Cutter}). The same text and limits
 * give the same chunks. Thread-safe.
 */
public final class Chunker {
    private final ChunkLimits limits;

    public Chunker(ChunkLimits limits) {
        this.limits = limits;
    }

    public List<Chunk> chunk(DocumentText document) {
        return new Run(document.text()).of(document.blocks());
    }

    /** One document's chunks in the making. */
    private final class Run {
        private final String text;
        private final Cutter cutter;
        private final HeadingPath path = new HeadingPath();
        private final List<Chunk> chunks = new ArrayList<>();
        private int start = -1;
        private int end;
        private boolean cutsCode;
        private boolean onlyHeadings;

        Run(String text) {
            this.text = text;
            this.cutter = new Cutter(text, limits);
        }

        List<Chunk> of(List<Block> blocks) {
            for (Block block : blocks) {
                switch (block) {
                    case Block.Heading heading -> {
                        if (start >= 0 && !onlyHeadings) {
                            close();
                        }
                        add(cutter.prose(heading.start(), heading.end()), heading, false);
                    }
                    case Block.Prose prose -> add(cutter.prose(prose.start(), prose.end()), null, false);
                    case Block.Code code -> add(cutter.code(code.start(), code.end()), null, true);
                }
            }
            close();
            return chunks;
        }

        private void add(List<Cutter.Piece> pieces, Block.@Nullable Heading heading, boolean code) {
            boolean first = true;
            for (Cutter.Piece piece : pieces) {
                if (start >= 0 && !cutter.fits(start, piece.end())) {
                    close();
                }
                if (heading != null && first) {
                    path.enter(heading);
                }
                first = false;
                if (start < 0) {
                    start = piece.start();
                    onlyHeadings = true;
                }
                end = piece.end();
                onlyHeadings &= heading != null;
                cutsCode |= code && pieces.size() > 1;
            }
        }

        private void close() {
            if (start >= 0) {
                chunks.add(new Chunk(chunks.size(), start, end, path.titles(), text.substring(start, end), cutsCode));
            }
            start = -1;
            cutsCode = false;
        }
    }
}
