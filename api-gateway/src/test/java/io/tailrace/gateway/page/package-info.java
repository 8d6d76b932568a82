@NullMarked
package io.tailrace.gateway.page;

import org.jspecify.annotations.NullMarked;
