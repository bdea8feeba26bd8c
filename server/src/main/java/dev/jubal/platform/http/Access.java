package dev.jubal.platform.http;

/** Who may call a route. There is no default: a route without a class cannot be built. */
public enum Access {
  /** Anybody. The public routes are a list in ArchitectureTest. */
  PUBLIC,
  /** Any valid key, whatever its ACL rows. */
  KEY,
  /** A valid key whose ACL rows name the route's endpoint. */
  ENDPOINT
}
