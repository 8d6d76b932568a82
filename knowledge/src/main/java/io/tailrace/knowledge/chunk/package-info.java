/**
 * Text becomes chunks: pieces that fit a model, with their position and the headings above them.
 */
@NullMarked
package io.tailrace.knowledge.chunk;

import org.jspecify.annotations.NullMarked;
