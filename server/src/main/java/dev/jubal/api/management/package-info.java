/**
 * xAI's management API: API keys, teams, users, projects, end users, and what ACL rows may name.
 *
 * <p>Owns the wire forms, in camelCase; the rows are {@link dev.jubal.account.keys}', {@link
 * dev.jubal.account.management}'s and {@link dev.jubal.account.enduser}'s. Every route states the
 * right it takes. Start at {@link dev.jubal.api.management.ManagementFeature}.
 */
@NullMarked
package dev.jubal.api.management;

import org.jspecify.annotations.NullMarked;
