package io.tailrace.turn.knowledge;

import io.tailrace.events.plan.Retrieval.Source;
import io.tailrace.knowledge.index.Hit;

/** A chunk, and the source that it is from. */
record FoundChunk(Source source, Hit hit) {}
