@NullMarked
package io.tailrace.turn.tool.mcp;

import org.jspecify.annotations.NullMarked;
