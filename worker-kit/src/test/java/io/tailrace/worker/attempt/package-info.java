@NullMarked
package io.tailrace.worker.attempt;

import org.jspecify.annotations.NullMarked;
