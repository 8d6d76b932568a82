/** A model of embeddings that needs no network: {@link io.tailrace.knowledge.offline.MiniLmEmbeddings}. */
@NullMarked
package io.tailrace.knowledge.offline;

import org.jspecify.annotations.NullMarked;
