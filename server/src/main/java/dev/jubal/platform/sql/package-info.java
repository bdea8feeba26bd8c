/**
 * The database: one SQLite file in the data folder, shared by the server and the commands.
 *
 * <p>Owns opening, connections, transactions, migrations and the lock that keeps two servers off
 * one folder. Plain JDBC on purpose: a mapping library costs a quarter of the start-up time. Knows
 * no table but the migration history. Start at {@link Database}; SQL is written in {@link Session}.
 */
@NullMarked
package dev.jubal.platform.sql;

import org.jspecify.annotations.NullMarked;
