package dev.jubal.testing;

import dev.jubal.account.limits.Quota;
import dev.jubal.platform.json.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A golden exchange in a folder: {@code request.http}, what the backend plays in {@code
 * script.json}, and the exact bytes of the answer in {@code answer.http}, framing included.
 *
 * <p>The request is kept with plain line ends and without the headers that follow from it (host and
 * content-length); they are added on the way out.
 *
 * @param name the path below the root: surface and case, such as chat/stream-two-choices
 */
public record Transcript(Path root, String name) {
  private static final String REQUEST = "request.http";
  private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: ([0-9]+)\r\n");

  /** All transcripts below a folder, in the order of their paths. */
  public static List<Transcript> under(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files
          .map(f -> folder.relativize(f).toString().replace('\\', '/'))
          .filter(f -> f.endsWith("/" + REQUEST))
          .sorted()
          .map(f -> new Transcript(folder, f.substring(0, f.length() - REQUEST.length() - 1)))
          .toList();
    }
  }

  private Path file(String file) {
    return root.resolve(name).resolve(file);
  }

  public String script() throws IOException {
    return Files.readString(file("script.json"));
  }

  /**
   * How much of each the caller may have a minute, in {@code limits.json}; all if there is none.
   */
  public Map<Quota, Long> limits() throws IOException {
    return limits(file("limits.json"));
  }

  /** How much the caller may spend a day, in {@code budget.txt}, in ticks; all if there is none. */
  public OptionalLong budget() throws IOException {
    return budget(file("budget.txt"));
  }

  static OptionalLong budget(Path file) throws IOException {
    return Files.exists(file)
        ? OptionalLong.of(Long.parseLong(Files.readString(file).strip()))
        : OptionalLong.empty();
  }

  static Map<Quota, Long> limits(Path file) throws IOException {
    Map<Quota, Long> most = new LinkedHashMap<>();
    if (Files.exists(file)) {
      Json.tree(Files.readAllBytes(file))
          .properties()
          .forEach(limit -> most.put(Quota.of(limit.getKey()), limit.getValue().asLong()));
    }
    return most;
  }

  /** The answer as a string of bytes: ISO 8859-1 maps each to one character and back. */
  public String answer() throws IOException {
    return Files.readString(file("answer.http"), StandardCharsets.ISO_8859_1);
  }

  public void write(String answer) throws IOException {
    Files.writeString(file("answer.http"), answer, StandardCharsets.ISO_8859_1);
  }

  /** Method and path of the request. */
  public List<String> target() throws IOException {
    return List.of(Files.readString(file(REQUEST)).split(" ")).subList(0, 2);
  }

  /** Sends the request over a connection of its own and reads the answer to its end. */
  public String play(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request());
      socket.getOutputStream().flush();
      return read(new BufferedInputStream(socket.getInputStream()));
    }
  }

  /** Reads one answer: a head, then content-length bytes or chunks to the empty one. */
  private static String read(InputStream in) throws IOException {
    StringBuilder answer = new StringBuilder();
    while (answer.indexOf("\r\n\r\n") < 0) {
      answer.append(next(in));
    }
    int body = answer.indexOf("\r\n\r\n") + 4;
    Matcher length = LENGTH.matcher(answer);
    if (length.find()) {
      int end = body + Integer.parseInt(length.group(1));
      while (answer.length() < end) {
        answer.append(next(in));
      }
    } else {
      while (!answer.substring(body).endsWith("0\r\n\r\n")) {
        answer.append(next(in));
      }
    }
    return answer.toString();
  }

  private static char next(InputStream in) throws IOException {
    int read = in.read();
    if (read < 0) {
      throw new EOFException("the connection was closed within an answer");
    }
    return (char) read;
  }

  private byte[] request() throws IOException {
    String text = Files.readString(file(REQUEST));
    int blank = text.indexOf("\n\n");
    byte[] body = text.substring(blank + 2).strip().getBytes(StandardCharsets.UTF_8);
    String head =
        text.substring(0, blank) + "\nhost: jubal\ncontent-length: " + body.length + "\n\n";
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(head.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
    bytes.writeBytes(body);
    return bytes.toByteArray();
  }
}
