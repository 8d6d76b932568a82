@NullMarked
package io.tailrace.builds;

import org.jspecify.annotations.NullMarked;
