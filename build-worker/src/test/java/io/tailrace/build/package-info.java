@NullMarked
package io.tailrace.build;

import org.jspecify.annotations.NullMarked;
