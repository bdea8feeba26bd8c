/**
 * Management keys: who may change teams, keys and money over the API.
 *
 * <p>Owns their rows, their rights and {@link dev.jubal.account.management.Manager}, the caller
 * that they are. They are made on the server alone and never call a model. Operators who sign in
 * stand for one as long as their session holds. Start at {@link
 * dev.jubal.account.management.ManagementGate}.
 */
@NullMarked
package dev.jubal.account.management;

import org.jspecify.annotations.NullMarked;
