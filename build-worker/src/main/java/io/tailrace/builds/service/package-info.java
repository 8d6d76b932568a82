/** The process around the builds: its connection to the log, its life, its health. */
@NullMarked
package io.tailrace.builds.service;

import org.jspecify.annotations.NullMarked;
