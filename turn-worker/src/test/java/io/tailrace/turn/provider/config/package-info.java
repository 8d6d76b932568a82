@NullMarked
package io.tailrace.turn.provider.config;

import org.jspecify.annotations.NullMarked;
