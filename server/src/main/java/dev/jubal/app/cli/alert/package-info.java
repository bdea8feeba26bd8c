/**
 * {@code jubal alert}: the rules of a data folder, and the button that tests one.
 *
 * <p>Works beside a running server, on its database. Start at {@link AlertCommand}.
 */
@NullMarked
package dev.jubal.app.cli.alert;

import org.jspecify.annotations.NullMarked;
