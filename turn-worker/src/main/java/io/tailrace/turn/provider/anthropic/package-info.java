/** Anthropic's Messages, on the official SDK. */
@NullMarked
package io.tailrace.turn.provider.anthropic;

import org.jspecify.annotations.NullMarked;
