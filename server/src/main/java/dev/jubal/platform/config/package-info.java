/**
 * Start-up configuration: one immutable record tree, one dotted key, three spellings.
 *
 * <p>Owns reading and checking; each part of the tree stands next to its feature. Start at {@link
 * ConfigReader}.
 */
@NullMarked
package dev.jubal.platform.config;

import org.jspecify.annotations.NullMarked;
