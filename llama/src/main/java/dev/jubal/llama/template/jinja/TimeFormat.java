package dev.jubal.llama.template.jinja;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;

/** A time as {@code strftime} writes it, in English. */
final class TimeFormat {
  private TimeFormat() {}

  static String format(String pattern, ZonedDateTime time) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c != '%' || i + 1 == pattern.length()) {
        out.append(c);
        continue;
      }
      char next = pattern.charAt(++i);
      boolean bare = next == '-' && i + 1 < pattern.length();
      if (bare) {
        next = pattern.charAt(++i);
      }
      out.append(field(next, bare, time));
    }
    return out.toString();
  }

  private static String field(char c, boolean bare, ZonedDateTime t) {
    return switch (c) {
      case 'Y' -> String.valueOf(t.getYear());
      case 'y' -> number(t.getYear() % 100, 2, bare);
      case 'm' -> number(t.getMonthValue(), 2, bare);
      case 'd' -> number(t.getDayOfMonth(), 2, bare);
      case 'e' -> String.format("%2d", t.getDayOfMonth());
      case 'H' -> number(t.getHour(), 2, bare);
      case 'I' -> number(t.get(ChronoField.CLOCK_HOUR_OF_AMPM), 2, bare);
      case 'M' -> number(t.getMinute(), 2, bare);
      case 'S' -> number(t.getSecond(), 2, bare);
      case 'f' -> number(t.getNano() / 1000, 6, false);
      case 'j' -> number(t.getDayOfYear(), 3, bare);
      case 'u' -> String.valueOf(t.getDayOfWeek().getValue());
      case 'w' -> String.valueOf(t.getDayOfWeek().getValue() % 7);
      case 'V' -> number(t.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2, bare);
      case 'G' -> String.valueOf(t.get(IsoFields.WEEK_BASED_YEAR));
      case 'B' -> t.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case 'b', 'h' -> t.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
      case 'A' -> t.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case 'a' -> t.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
      case 'p' -> t.getHour() < 12 ? "AM" : "PM";
      case 'F' -> format("%Y-%m-%d", t);
      case 'T', 'X' -> format("%H:%M:%S", t);
      case 'R' -> format("%H:%M", t);
      case 'D', 'x' -> format("%m/%d/%y", t);
      case 'c' -> format("%a %b %e %H:%M:%S %Y", t);
      case 's' -> String.valueOf(t.toEpochSecond());
      case 'n' -> "\n";
      case 't' -> "\t";
      case 'z' -> t.format(DateTimeFormatter.ofPattern("xx", Locale.ENGLISH));
      case 'Z' -> t.getZone().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
      case '%' -> "%";
      default -> "%" + (bare ? "-" : "") + c;
    };
  }

  private static String number(int value, int digits, boolean bare) {
    return bare ? String.valueOf(value) : String.format("%0" + digits + "d", value);
  }
}
