@NullMarked
package io.tailrace.builds.isolation;

import org.jspecify.annotations.NullMarked;
