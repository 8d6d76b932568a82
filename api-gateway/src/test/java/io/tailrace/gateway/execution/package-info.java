@NullMarked
package io.tailrace.gateway.execution;

import org.jspecify.annotations.NullMarked;
