@NullMarked
package io.tailrace.cli.assistants;

import org.jspecify.annotations.NullMarked;
