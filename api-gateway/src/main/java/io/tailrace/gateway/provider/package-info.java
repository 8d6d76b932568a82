/** The providers of language models, as turn-workers have recorded them. */
@NullMarked
package io.tailrace.gateway.provider;

import org.jspecify.annotations.NullMarked;
