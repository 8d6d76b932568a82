/** Servers of the Model Context Protocol: how the operator names them, and how their tools are called. */
@NullMarked
package io.tailrace.turn.tool.mcp;

import org.jspecify.annotations.NullMarked;
