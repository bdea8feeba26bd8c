package dev.jubal.platform.log;

import dev.jubal.platform.config.Secret;
import java.lang.reflect.RecordComponent;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes secrets out of a text: those of the configuration by their value, all others by their form.
 * Immutable.
 *
 * <p>It hides too much rather than too little: what stands behind {@code password=} or {@code
 * token:} goes, whatever it is.
 */
public final class Redaction {
  private static final String HIDDEN = "***";

  /** A shorter secret would take the sense out of every line, and is guessed anyway. */
  private static final int SHORTEST = 6;

  /** The least that a form matches which needs no sign between a name and its value. */
  private static final int SHORTEST_FORM = 12;

  private static final String NAMES =
      "[\\w.-]{0,40}(?:(?:passw(?:or)?d|pwd|secret|credential)s?|token|passphrase"
          + "|(?:api|access|master|private|secret|signing)[-_.]?key)";

  /** Each alternative names its first group after what is kept of it, if anything is. */
  private static final Pattern FORMS =
      Pattern.compile(
          // keys of ours, whole or cut; the shown form xai-...abcd has no eight letters in a row
          "\\bxai-client-[0-9A-Za-z_.-]{8,}|\\bxai-(?:token-)?[0-9A-Za-z]{8,}"
              + "|\\bwhsec_[0-9A-Za-z+/=_-]{8,}"
              // signed tokens
              + "|\\beyJ[0-9A-Za-z_-]{6,}\\.[0-9A-Za-z_-]{4,}(?:\\.[0-9A-Za-z_-]*)*"
              // tokens of others that we may hold
              + "|\\b(?:hf_|npm_|ghp_|github_pat_|glpat-|pypi-|sk-|hvs\\.|hvb\\.|hvr\\.|AKIA|AIza)"
              + "[0-9A-Za-z_-]{12,}"
              // 32 bytes in base64: a master key
              + "|(?<![0-9A-Za-z+/_-])[0-9A-Za-z+/_-]{43}=(?![0-9A-Za-z+/=])|-----BEGIN [A-Z"
              + " ]*PRIVATE KEY-----[\\s\\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)"
              // https://user:password@host
              + "|(?<url>[a-z][a-z0-9+.-]{0,30}://)[^\\s/@\"'<>]+@|(?<scheme>\\b(?:bearer|basic|digest)\\s+)[^\\s\",;\\\\]{4,}|(?<header>\\b(?:proxy-)?authorization\\\\?[\"']?\\s*[:=]\\s*\\\\?[\"']?)(?!bearer|basic|digest)[^\\s\",;\\\\]+|(?<cookie>\\b(?:set-)?cookie\\\\?[\"']?\\s*[:=]\\s*)[^\\r"
              + "\\n"
              + "\"]+|(?<name>\\b"
              + NAMES
              + "\\\\?[\"']?\\s*[:=]\\s*\\\\?[\"']?)[^\\s\"'&,;)}\\]\\\\]+",
          Pattern.CASE_INSENSITIVE);

  private static final List<String> KEPT = List.of("url", "scheme", "header", "cookie", "name");

  /** By form alone. */
  public static final Redaction FORM = new Redaction(Set.of());

  private final List<String> values;

  private Redaction(Set<String> values) {
    this.values =
        values.stream()
            .filter(v -> v.length() >= SHORTEST)
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
  }

  /** One that knows each {@link Secret} of a tree of configuration too. */
  public static Redaction of(Record config) {
    Set<String> values = new LinkedHashSet<>();
    collect(config, values);
    return new Redaction(values);
  }

  private static void collect(Object part, Set<String> into) {
    switch (part) {
      case Secret secret -> into.add(secret.reveal());
      case Optional<?> some -> some.ifPresent(s -> collect(s, into));
      case Record tree -> {
        for (RecordComponent c : tree.getClass().getRecordComponents()) {
          try {
            var read = c.getAccessor();
            read.setAccessible(true);
            Object value = read.invoke(tree);
            if (value != null) {
              collect(value, into);
            }
          } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a record that cannot be read: " + tree.getClass(), e);
          }
        }
      }
      default -> {
        // no secret
      }
    }
  }

  /** The text without secrets. */
  public String of(String text) {
    if (text.length() < SHORTEST) {
      return text;
    }
    String left = text;
    for (String value : values) {
      left = left.replace(value, HIDDEN);
    }
    if (plain(left)) {
      return left;
    }
    Matcher m = FORMS.matcher(left);
    if (!m.find()) {
      return left;
    }
    StringBuilder out = new StringBuilder();
    do {
      m.appendReplacement(out, Matcher.quoteReplacement(hidden(m)));
    } while (m.find());
    return m.appendTail(out).toString();
  }

  /**
   * Ids, and short words that name nothing: most of what is looked at, and no form matches them.
   */
  private static boolean plain(String text) {
    boolean hex = true;
    boolean word = text.length() < SHORTEST_FORM;
    for (int i = 0; i < text.length() && (hex || word); i++) {
      char c = text.charAt(i);
      hex &= (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == '-';
      word &= c > ' ' && c != ':' && c != '=' && c != '@';
    }
    return hex || word;
  }

  private static String hidden(Matcher m) {
    for (String group : KEPT) {
      String kept = m.group(group);
      if (kept != null) {
        return kept + HIDDEN + (group.equals("url") ? "@" : "");
      }
    }
    return HIDDEN;
  }
}
