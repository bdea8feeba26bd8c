package dev.jubal.api.billing;

import dev.jubal.testing.Stores;

/** The same on PostgreSQL. */
final class BillingOnPostgresTest extends BillingTest {
  @Override
  Stores on() {
    return Stores.POSTGRESQL;
  }
}
