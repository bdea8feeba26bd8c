package dev.jubal.platform.trace;

import java.util.List;

/** A span that is exported. Thread-safe. */
interface Track {
  /** A span within this one, which begins now. */
  Track begin(String name);

  void rename(String name);

  void set(String key, String value);

  void set(String key, long value);

  void set(String key, boolean value);

  void set(String key, double value);

  void set(String key, List<String> value);

  /** Notes that something happened now. */
  void event(String name, String key, long value);

  /** It did not go well, for a reason of one word. */
  void fail(String type);

  /** It ends now. */
  void end();
}
