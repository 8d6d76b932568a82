@NullMarked
package io.tailrace.builds.phase;

import org.jspecify.annotations.NullMarked;
