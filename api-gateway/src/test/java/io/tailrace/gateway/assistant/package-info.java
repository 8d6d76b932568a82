@NullMarked
package io.tailrace.gateway.assistant;

import org.jspecify.annotations.NullMarked;
