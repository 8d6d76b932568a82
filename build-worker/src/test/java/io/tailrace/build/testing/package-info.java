@NullMarked
package io.tailrace.build.testing;

import org.jspecify.annotations.NullMarked;
