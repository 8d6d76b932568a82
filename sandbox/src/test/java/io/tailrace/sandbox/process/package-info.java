@NullMarked
package io.tailrace.sandbox.process;

import org.jspecify.annotations.NullMarked;
