@NullMarked
package io.tailrace.sandbox.isolation;

import org.jspecify.annotations.NullMarked;
