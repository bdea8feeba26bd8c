package dev.jubal.app;

import dev.jubal.testing.Stores;

/** The same on PostgreSQL. */
final class PermissionMatrixOnPostgresTest extends PermissionMatrixTest {
  @Override
  Stores on() {
    return Stores.POSTGRESQL;
  }
}
