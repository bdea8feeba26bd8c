/**
 * The product put together: configuration, composition root, command line.
 *
 * <p>The only code that knows every feature. Start at {@link Jubal}, which reads top to bottom;
 * {@link Config} is the whole start-up configuration.
 */
@NullMarked
package dev.jubal.app;

import org.jspecify.annotations.NullMarked;
