/**
 * {@code POST /v1/client-tokens}: a server that holds an API key makes a token for a browser.
 *
 * <p>Owns the wire form and what a token may be made of; the token itself is {@link
 * dev.jubal.account.token}'s. Start at {@link dev.jubal.api.token.TokenFeature}.
 */
@NullMarked
package dev.jubal.api.token;

import org.jspecify.annotations.NullMarked;
