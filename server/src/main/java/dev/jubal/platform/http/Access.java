package dev.jubal.platform.http;

/** Who may call a route. There is no default: a route without a class cannot be built. */
public enum Access {
  /** Anybody. The public routes are a list in ArchitectureTest. */
  PUBLIC,
  /** Any key that is neither revoked nor expired, of a blocked team too: it is told so. */
  SELF,
  /** Any valid key, whatever its ACL rows. */
  KEY,
  /** A valid key whose ACL rows name the route's endpoint. */
  ENDPOINT,
  /** Any valid management key, whatever its ACL rows; API keys are refused. */
  MANAGEMENT_KEY,
  /** A management key whose ACL rows name the route's endpoint, such as api-keys:read. */
  MANAGEMENT;

  /** Whether it takes management keys, and only these. */
  public boolean management() {
    return this == MANAGEMENT_KEY || this == MANAGEMENT;
  }
}
