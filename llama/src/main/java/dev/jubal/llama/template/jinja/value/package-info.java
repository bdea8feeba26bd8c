/**
 * The values of a chat template and what Python does with them.
 *
 * <p>Owns {@link dev.jubal.llama.template.jinja.value.Value} and its kinds, operators, attributes,
 * methods, and their texts as Python and JSON write them. No value holds a Java object that a
 * template could reach, and all work is charged to a {@code Meter}. Must not know the syntax of
 * templates nor conversations. Start reading at {@code Value}, then {@code Text}: it remembers
 * which of its characters the template wrote.
 */
@NullMarked
package dev.jubal.llama.template.jinja.value;

import org.jspecify.annotations.NullMarked;
