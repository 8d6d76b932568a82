/**
 * Documents become text: what a reader would read, and which parts of it are headings, prose and code. {@link io.tailrace.knowledge.text.TextExtractor} is the
 * way in. Hostile documents are refused with a reason.
 */
@NullMarked
package io.tailrace.knowledge.text;

import org.jspecify.annotations.NullMarked;
