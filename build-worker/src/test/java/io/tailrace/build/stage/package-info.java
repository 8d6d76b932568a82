@NullMarked
package io.tailrace.build.stage;

import org.jspecify.annotations.NullMarked;
