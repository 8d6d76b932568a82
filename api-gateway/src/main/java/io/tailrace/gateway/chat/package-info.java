/** Chats: turns that are submitted, canceled and repeated, and the conversation that the log has of them. */
@NullMarked
package io.tailrace.gateway.chat;

import org.jspecify.annotations.NullMarked;
