@NullMarked
package io.tailrace.sandbox;

import org.jspecify.annotations.NullMarked;
