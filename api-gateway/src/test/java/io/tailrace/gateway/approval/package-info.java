@NullMarked
package io.tailrace.gateway.approval;

import org.jspecify.annotations.NullMarked;
