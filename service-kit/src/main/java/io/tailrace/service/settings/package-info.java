/** What all settings have in common: an unknown one is refused, and a refusal is put in words. */
@NullMarked
package io.tailrace.service.settings;

import org.jspecify.annotations.NullMarked;
