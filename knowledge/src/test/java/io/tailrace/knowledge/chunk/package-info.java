@NullMarked
package io.tailrace.knowledge.chunk;

import org.jspecify.annotations.NullMarked;
