/**
 * Signing in by an identity provider: {@code /auth/oidc/login}, {@code callback}, {@code me} and
 * {@code logout}.
 *
 * <p>Owns the steps that a browser takes and what its cookies hold. Who somebody is, the provider
 * says ({@link dev.jubal.platform.oidc}); what somebody may do, {@link
 * dev.jubal.account.management.Roles}. Start at {@link dev.jubal.api.signin.SignInFeature}.
 */
@NullMarked
package dev.jubal.api.signin;

import org.jspecify.annotations.NullMarked;
