/**
 * Billing by management keys: bills, limits, credits, usage.
 *
 * <p>Owns the routes below {@code /v1/billing} and their records; amounts are whole cents as text.
 * Knows no table. Start at {@link BillingFeature}.
 */
@NullMarked
package dev.jubal.api.billing;

import org.jspecify.annotations.NullMarked;
