/** Health and metrics over HTTP. */
@NullMarked
package io.tailrace.service.endpoint;

import org.jspecify.annotations.NullMarked;
