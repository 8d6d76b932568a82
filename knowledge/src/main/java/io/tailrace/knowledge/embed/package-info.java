/**
 * The port of embedding models, and the vectors that they give.
 */
@NullMarked
package io.tailrace.knowledge.embed;

import org.jspecify.annotations.NullMarked;
