package dev.jubal.inference;

/** Who speaks a message. DEVELOPER is what newer clients call SYSTEM. */
public enum Role {
  SYSTEM,
  DEVELOPER,
  USER,
  ASSISTANT
}
