/**
 * Asking an OpenID Connect provider who somebody is: discovery, the authorization code flow with
 * PKCE, and what an ID token has to stand up to.
 *
 * <p>Knows the protocol; must not know what anybody may do here. Start at {@link
 * dev.jubal.platform.oidc.OidcProvider}.
 */
@NullMarked
package dev.jubal.platform.oidc;

import org.jspecify.annotations.NullMarked;
