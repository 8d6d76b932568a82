@NullMarked
package io.tailrace.sandbox.folder;

import org.jspecify.annotations.NullMarked;
