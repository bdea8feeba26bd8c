package dev.jubal.platform.error;

/** Who can do something about an error. */
public enum Blame {
  CLIENT,
  LIMITS,
  UPSTREAM,
  SERVER
}
