/** The process around the builds: its connection to the log, its life, its health. */
@NullMarked
package io.tailrace.build.service;

import org.jspecify.annotations.NullMarked;
