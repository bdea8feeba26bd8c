/**
 * {@code /healthz} and {@code /readyz}: for what starts, stops and balances servers. Public and
 * bare, since a load balancer has no key and reads no JSON.
 *
 * <p>Start at {@link HealthFeature}.
 */
@NullMarked
package dev.jubal.api.health;

import org.jspecify.annotations.NullMarked;
