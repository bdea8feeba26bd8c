package dev.jubal.platform.mail;

/** A mail that was not accepted. The message holds no password and no part of the mail. */
public final class MailFailure extends Exception {
  private static final long serialVersionUID = 1L;

  MailFailure(String message) {
    super(message, null, false, false);
  }

  /** Why. */
  public String text() {
    return String.valueOf(getMessage());
  }
}
