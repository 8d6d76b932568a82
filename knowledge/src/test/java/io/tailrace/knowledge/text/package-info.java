@NullMarked
package io.tailrace.knowledge.text;

import org.jspecify.annotations.NullMarked;
