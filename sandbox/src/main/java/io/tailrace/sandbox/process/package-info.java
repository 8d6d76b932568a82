/**
 * What a build needs of the operating system: starting a command in its own session, turning its bytes into lines, and ending
 * everything that it started. Linux only; knows nothing of Kafka, of events or of Spring.
 */
@NullMarked
package io.tailrace.sandbox.process;

import org.jspecify.annotations.NullMarked;
