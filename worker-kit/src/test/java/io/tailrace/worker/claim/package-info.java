@NullMarked
package io.tailrace.worker.claim;

import org.jspecify.annotations.NullMarked;
