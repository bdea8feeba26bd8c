/**
 * The command line, one class per command.
 *
 * <p>Owns what commands print and how they end; what they do lives with the features. A command's
 * result goes to standard output, everything else to standard error. Every command takes {@code
 * --data-dir} and works while a server runs on that folder. Start reading at {@link
 * dev.jubal.app.cli.CommandLines}.
 */
@NullMarked
package dev.jubal.app.cli;

import org.jspecify.annotations.NullMarked;
