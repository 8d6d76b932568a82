/** What all settings of this process have in common: an unknown one is refused, and a refusal is put in words. */
@NullMarked
package io.tailrace.gateway.settings;

import org.jspecify.annotations.NullMarked;
