@NullMarked
package io.tailrace.events.codec;

import org.jspecify.annotations.NullMarked;
