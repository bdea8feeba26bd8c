/**
 * Sends mail through the operator's server.
 *
 * <p>Owns its configuration, the encryption of the connection and the time a mail may take. Knows
 * nothing of what is sent. Start at {@link Mailer}; Angus Mail does the protocol.
 */
@NullMarked
package dev.jubal.platform.mail;

import org.jspecify.annotations.NullMarked;
