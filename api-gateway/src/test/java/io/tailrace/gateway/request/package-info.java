@NullMarked
package io.tailrace.gateway.request;

import org.jspecify.annotations.NullMarked;
