package io.tailrace.knowledge.index;

import io.tailrace.knowledge.chunk.Chunk;
import io.tailrace.knowledge.embed.Vector;
import java.util.Optional;

/** A chunk with its vector. Vectors are computed once and come with the chunk, so no index computes any. */
public record IndexedChunk(Chunk chunk, Optional<Vector> vector) {}
