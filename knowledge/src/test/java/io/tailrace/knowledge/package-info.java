@NullMarked
package io.tailrace.knowledge;

import org.jspecify.annotations.NullMarked;
