package dev.jubal.platform.log;

import dev.jubal.platform.config.Key;

/** How the log is written. */
public record LogConfig(
    @Key(
            value = "text",
            doc = "A line of the log is text for people, or one object of JSON: text, json.")
        Form format,
    @Key(
            value = "auto",
            doc = "A line for each finished request: all, none, or auto, which is all with json.")
        Requests requests) {
  /** The one of a process that was told nothing. */
  public static final LogConfig STANDARD = new LogConfig(Form.TEXT, Requests.AUTO);

  /** The form of a line. */
  public enum Form {
    TEXT,
    JSON
  }

  /** Which requests have a line. */
  public enum Requests {
    AUTO,
    ALL,
    NONE
  }

  /** Whether finished requests have a line. */
  public boolean tellsRequests() {
    return requests == Requests.ALL || (requests == Requests.AUTO && format == Form.JSON);
  }
}
