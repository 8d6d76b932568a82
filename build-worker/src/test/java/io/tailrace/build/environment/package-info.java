@NullMarked
package io.tailrace.build.environment;

import org.jspecify.annotations.NullMarked;
