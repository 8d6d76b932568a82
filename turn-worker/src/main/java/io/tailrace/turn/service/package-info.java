/** The process around the turns. */
@NullMarked
package io.tailrace.turn.service;

import org.jspecify.annotations.NullMarked;
