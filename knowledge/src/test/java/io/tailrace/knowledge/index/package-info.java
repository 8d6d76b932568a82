@NullMarked
package io.tailrace.knowledge.index;

import org.jspecify.annotations.NullMarked;
