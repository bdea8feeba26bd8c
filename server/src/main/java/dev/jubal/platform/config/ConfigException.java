package dev.jubal.platform.config;

/** The configuration is wrong; the message is for the operator. The server does not start. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ConfigException(String message) {
    super(message);
  }
}
