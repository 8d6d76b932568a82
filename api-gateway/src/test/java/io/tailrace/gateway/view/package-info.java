/** Tests of the views. */
@NullMarked
package io.tailrace.gateway.view;

import org.jspecify.annotations.NullMarked;
