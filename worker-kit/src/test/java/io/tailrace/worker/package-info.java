@NullMarked
package io.tailrace.worker;

import org.jspecify.annotations.NullMarked;
