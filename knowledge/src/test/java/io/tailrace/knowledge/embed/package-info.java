@NullMarked
package io.tailrace.knowledge.embed;

import org.jspecify.annotations.NullMarked;
