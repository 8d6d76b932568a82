/** Results of earlier steps, and arguments of calls, as the phases of a build get them: files in the build's folder, and environment variables. */
@NullMarked
package io.tailrace.builds.input;

import org.jspecify.annotations.NullMarked;
