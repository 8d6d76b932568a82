@NullMarked
package io.tailrace.worker.testing;

import org.jspecify.annotations.NullMarked;
