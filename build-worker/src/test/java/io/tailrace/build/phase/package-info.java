@NullMarked
package io.tailrace.build.phase;

import org.jspecify.annotations.NullMarked;
