@NullMarked
package io.tailrace.turn.provider.http;

import org.jspecify.annotations.NullMarked;
