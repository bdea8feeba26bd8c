package dev.jubal.platform.http;

/** Who may call a route. There is no default: a route without a class cannot be built. */
public enum Access {
  /** Anybody. The public routes are a list in ArchitectureTest. */
  PUBLIC,
  /** Any key that is neither revoked nor expired, of a blocked team too: it is told so. */
  SELF,
  /** Any valid key, or token made from one, whatever its ACL rows. */
  KEY,
  /** A valid key, or token made from one, whose ACL rows name the route's endpoint. */
  ENDPOINT,
  /** As KEY, and no token made from one. */
  OWNER,
  /** As ENDPOINT, and no token made from a key. */
  OWNER_ENDPOINT,
  /** Any valid management key, whatever its ACL rows; API keys are refused. */
  MANAGEMENT_KEY,
  /** A management key whose ACL rows name the route's endpoint, such as api-keys:read. */
  MANAGEMENT;

  /** Whether a key needs a row about the route's endpoint. */
  public boolean byEndpoint() {
    return this == ENDPOINT || this == OWNER_ENDPOINT;
  }

  /** Whether it takes management keys, and only these. */
  public boolean management() {
    return this == MANAGEMENT_KEY || this == MANAGEMENT;
  }
}
