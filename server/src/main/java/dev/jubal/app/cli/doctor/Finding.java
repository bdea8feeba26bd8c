package dev.jubal.app.cli.doctor;

/**
 * What one check found.
 *
 * @param what was looked at
 * @param seen what is there
 * @param cost what the lack costs; empty when nothing is lacking
 * @param mend the line that mends it; empty when there is none
 */
public record Finding(Status status, String what, String seen, String cost, String mend) {

  /** How much it matters. */
  public enum Status {
    OK,
    WARN,
    MISSING
  }

  static Finding ok(String what, String seen) {
    return new Finding(Status.OK, what, seen, "", "");
  }

  static Finding warn(String what, String seen, String cost, String mend) {
    return new Finding(Status.WARN, what, seen, cost, mend);
  }

  static Finding missing(String what, String seen, String cost, String mend) {
    return new Finding(Status.MISSING, what, seen, cost, mend);
  }
}
