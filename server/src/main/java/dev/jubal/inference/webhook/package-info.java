/**
 * Tells an address of the client's that its work has ended: signed, with retries, and never at a
 * private address.
 *
 * <p>Knows work by its id alone. Start at {@link Webhooks}.
 */
@NullMarked
package dev.jubal.inference.webhook;

import org.jspecify.annotations.NullMarked;
