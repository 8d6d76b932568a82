/** Tests. */
@NullMarked
package io.tailrace.service.settings;

import org.jspecify.annotations.NullMarked;
