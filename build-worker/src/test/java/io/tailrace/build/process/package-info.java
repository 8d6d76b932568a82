@NullMarked
package io.tailrace.build.process;

import org.jspecify.annotations.NullMarked;
