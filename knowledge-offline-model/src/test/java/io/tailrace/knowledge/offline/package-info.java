@NullMarked
package io.tailrace.knowledge.offline;

import org.jspecify.annotations.NullMarked;
