@NullMarked
package io.tailrace.build.isolation;

import org.jspecify.annotations.NullMarked;
