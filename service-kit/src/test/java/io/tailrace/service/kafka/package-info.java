/** Tests. */
@NullMarked
package io.tailrace.service.kafka;

import org.jspecify.annotations.NullMarked;
