@NullMarked
package io.tailrace.gateway.toolserver;

import org.jspecify.annotations.NullMarked;
