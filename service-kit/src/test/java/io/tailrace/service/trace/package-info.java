@NullMarked
package io.tailrace.service.trace;

import org.jspecify.annotations.NullMarked;
