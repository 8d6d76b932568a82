@NullMarked
package io.tailrace.build.service;

import org.jspecify.annotations.NullMarked;
