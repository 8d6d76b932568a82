/** OpenAI and the servers that speak its formats, on the official SDK. */
@NullMarked
package io.tailrace.turn.provider.openai;

import org.jspecify.annotations.NullMarked;
