/** The records of knowledge repositories: documents with their chunks, in the order of their changes. */
@NullMarked
package io.tailrace.events.knowledge;

import org.jspecify.annotations.NullMarked;
