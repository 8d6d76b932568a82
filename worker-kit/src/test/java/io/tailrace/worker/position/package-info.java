@NullMarked
package io.tailrace.worker.position;

import org.jspecify.annotations.NullMarked;
