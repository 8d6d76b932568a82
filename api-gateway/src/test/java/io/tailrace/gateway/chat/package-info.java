/** Tests of the chat API, and of the fold behind it. */
@NullMarked
package io.tailrace.gateway.chat;

import org.jspecify.annotations.NullMarked;
