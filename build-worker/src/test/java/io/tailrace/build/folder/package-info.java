@NullMarked
package io.tailrace.build.folder;

import org.jspecify.annotations.NullMarked;
