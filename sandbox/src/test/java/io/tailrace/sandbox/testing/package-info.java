@NullMarked
package io.tailrace.sandbox.testing;

import org.jspecify.annotations.NullMarked;
