@NullMarked
package io.tailrace.knowledge.log;

import org.jspecify.annotations.NullMarked;
