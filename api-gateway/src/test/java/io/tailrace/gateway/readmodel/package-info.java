@NullMarked
package io.tailrace.gateway.readmodel;

import org.jspecify.annotations.NullMarked;
