package dev.jubal.platform.oidc;

import java.util.List;

/**
 * Somebody, as the issuer says who it is.
 *
 * @param subject the issuer's own name, which never changes
 * @param name for people to read
 * @param groups what somebody is a member of
 */
public record Identity(String issuer, String subject, String name, List<String> groups) {
  public Identity {
    groups = List.copyOf(groups);
  }
}
