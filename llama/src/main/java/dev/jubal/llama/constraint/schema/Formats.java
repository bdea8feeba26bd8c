package dev.jubal.llama.constraint.schema;

import java.util.Map;
import java.util.Objects;

/**
 * The formats that are enforced, as regular expressions. Each accepts only what validators accept,
 * which for some is less than the standards allow; formats not listed say nothing, as the
 * specification has it.
 */
final class Formats {
  private static final String DATE =
      "(\\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\\d|3[01])|(0[469]|11)-(0[1-9]|[12]\\d|30)"
          + "|02-(0[1-9]|1\\d|2[0-8]))"
          + "|(\\d\\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)";
  private static final String TIME =
      "([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?(Z|[+-]([01]\\d|2[0-3]):[0-5]\\d)";
  // without --, which only punycode has
  private static final String LABEL = "[a-z0-9A-Z]{1,20}(-[a-z0-9A-Z]{1,20}){0,2}";
  private static final String HOST = LABEL + "(\\." + LABEL + "){0,6}";
  private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
  private static final String IPV4 = OCTET + "(\\." + OCTET + "){3}";
  private static final String GROUP = "[0-9a-fA-F]{1,4}";
  private static final String IPV6 =
      "("
          + GROUP
          + "(:"
          + GROUP
          + "){7}"
          + compressed()
          + "|::("
          + GROUP
          + "(:"
          + GROUP
          + "){0,6})?|::ffff:"
          + IPV4
          + ")";
  private static final String COUNTRY =
      "a[cdefgilmoqrstuwxz]|b[abdefghijmnorstvwyz]|c[acdfghiklmnoruvwxyz]|d[ejkmoz]|e[cegrstu]"
          + "|f[ijkmor]|g[abdefghilmnpqrstuwy]|h[kmnrtu]|i[delmnoqrst]|j[emop]|k[eghimnprwyz]"
          + "|l[abcikrstuvy]|m[acdeghklmnopqrstuvwxyz]|n[acefgilopruz]|om"
          + "|p[aefghklmnrstwy]|qa|r[eosuw]|s[abcdeghijklmnortuvxyz]|t[cdfghjklmnortvwz]"
          + "|u[agksyz]|v[aceginu]|w[fs]|y[et]|z[amw]";
  private static final String TOP =
      "(com|org|net|edu|gov|mil|int|info|biz|name|pro|app|dev|online|shop|store|tech|site|xyz|club"
          + "|cloud|email|"
          + COUNTRY
          + ")";
  private static final String EMAIL =
      "[a-zA-Z0-9_+-]{1,30}(\\.[a-zA-Z0-9_+-]{1,20}){0,1}@"
          + "([a-z0-9A-Z]{1,20}(-[a-z0-9A-Z]{1,20})?\\.){1,3}"
          + TOP;
  private static final String PATH_CHARACTER = "([a-zA-Z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})";
  private static final String TAIL =
      "(\\?(" + PATH_CHARACTER + "|[/?])*)?(#(" + PATH_CHARACTER + "|[/?])*)?";
  private static final String AUTHORITY =
      "//([a-zA-Z0-9._~-]+(:[a-zA-Z0-9._~-]*)?@)?[a-zA-Z0-9]+([.-][a-zA-Z0-9]+)*(:[1-9]\\d{0,3})?";
  private static final String URI =
      "[a-z][a-z0-9+-]+:("
          + AUTHORITY
          + "(/"
          + PATH_CHARACTER
          + "+)*/?|/?"
          + PATH_CHARACTER
          + "+(/"
          + PATH_CHARACTER
          + "+)*/?|///"
          + PATH_CHARACTER
          + "+(/"
          + PATH_CHARACTER
          + "+)*)"
          + TAIL;
  private static final String REFERENCE =
      "(" + URI + "|(\\.{0,2}/)?([a-zA-Z0-9._~-]+(/[a-zA-Z0-9._~-]+)*/?)?" + TAIL + ")";
  private static final String POINTER = "(/([^~/\\x00-\\x1f]|~[01])*)*";

  private static final Map<String, String> PATTERNS =
      Map.ofEntries(
          Map.entry("date", DATE),
          Map.entry("time", TIME),
          Map.entry("date-time", DATE + "T" + TIME),
          Map.entry("duration", duration()),
          Map.entry("uuid", "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
          Map.entry("email", EMAIL),
          Map.entry("idn-email", EMAIL),
          Map.entry("ipv4", IPV4),
          Map.entry("ip-address", IPV4),
          Map.entry("ipv6", IPV6),
          Map.entry("hostname", HOST),
          Map.entry("idn-hostname", HOST),
          Map.entry("uri", URI),
          Map.entry("url", URI),
          Map.entry("iri", URI),
          Map.entry("uri-reference", REFERENCE),
          Map.entry("iri-reference", REFERENCE),
          Map.entry("uri-template", REFERENCE),
          Map.entry("json-pointer", POINTER),
          Map.entry("relative-json-pointer", "(0|[1-9]\\d{0,8})(#|" + POINTER + ")"),
          Map.entry("regex", "\\^?([a-zA-Z0-9_ -]|\\\\[dws.]|\\[[a-z0-9]+\\][+*?]?|\\.[+*])*\\$?"));

  private Formats() {}

  private static String compressed() {
    StringBuilder forms = new StringBuilder();
    for (int before = 1; before <= 6; before++) {
      forms
          .append('|')
          .append(GROUP)
          .append("(:" + GROUP + "){" + (before - 1) + "}::(" + GROUP)
          .append("(:" + GROUP + "){0," + (6 - before) + "})?");
    }
    return forms.toString();
  }

  private static String duration() {
    String time = "T(\\d{1,4}H(\\d{1,4}M(\\d{1,4}S)?)?|\\d{1,4}M(\\d{1,4}S)?|\\d{1,4}S)";
    String date = "(\\d{1,4}Y(\\d{1,4}M(\\d{1,4}D)?)?|\\d{1,4}M(\\d{1,4}D)?|\\d{1,4}D)";
    return "P(" + date + "(" + time + ")?|" + time + "|\\d{1,4}W)";
  }

  static boolean known(String name) {
    return PATTERNS.containsKey(name);
  }

  /** The regular expression of a known format, to be matched from begin to end. */
  static String pattern(String name) {
    return Objects.requireNonNull(PATTERNS.get(name), name);
  }
}
