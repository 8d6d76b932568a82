/** Tests. */
@NullMarked
package io.tailrace.service.life;

import org.jspecify.annotations.NullMarked;
