/**
 * {@code GET /v1/api-key} and {@code GET /v1/me}: what a key is told about itself.
 *
 * <p>Owns the wire form alone; the rows are {@link dev.jubal.account.keys}'. The secret is never
 * here. Start at {@link AccountFeature}.
 */
@NullMarked
package dev.jubal.api.account;

import org.jspecify.annotations.NullMarked;
