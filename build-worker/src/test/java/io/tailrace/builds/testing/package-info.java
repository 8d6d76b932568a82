@NullMarked
package io.tailrace.builds.testing;

import org.jspecify.annotations.NullMarked;
