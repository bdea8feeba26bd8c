package dev.jubal.platform.artifact;

/** What a person who waits is told. Called from one thread at a time. */
public interface Progress {

  /** Tells nobody. */
  Progress SILENT =
      new Progress() {
        @Override
        public void begin(String what, long totalBytes) {}

        @Override
        public void at(long bytes) {}

        @Override
        public void end() {}

        @Override
        public void note(String line) {}
      };

  /**
   * A transfer begins.
   *
   * @param totalBytes its size, or -1 where that is not known
   */
  void begin(String what, long totalBytes);

  /** So many bytes are there, those of an earlier try included. */
  void at(long bytes);

  /** The transfer ended, well or not. */
  void end();

  /** One line, such as what the user's own client says. */
  void note(String line);
}
