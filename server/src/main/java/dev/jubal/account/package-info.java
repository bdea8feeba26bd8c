/**
 * Who calls and what they may do.
 *
 * <p>Owns {@link Principal} and {@link Gate}. Knows no HTTP word: a secret comes in as text, what
 * was decided goes out as a value. Start at {@link Gate}.
 */
@NullMarked
package dev.jubal.account;

import org.jspecify.annotations.NullMarked;
