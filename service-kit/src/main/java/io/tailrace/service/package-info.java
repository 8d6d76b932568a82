/** What every service has in common: its clients of Kafka, its settings, its HTTPS, its traces, its life. */
@NullMarked
package io.tailrace.service;

import org.jspecify.annotations.NullMarked;
