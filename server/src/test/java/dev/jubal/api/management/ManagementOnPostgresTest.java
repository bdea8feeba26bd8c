package dev.jubal.api.management;

import dev.jubal.testing.Stores;

/** The same on PostgreSQL. */
final class ManagementOnPostgresTest extends ManagementTest {
  @Override
  Stores on() {
    return Stores.POSTGRESQL;
  }
}
