package dev.jubal.platform.http.browser;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The one header of a WebSocket that a page can set: {@code xai-client-secret.TOKEN} among the
 * subprotocols, as xAI documents it for browsers.
 */
public final class Subprotocols {
  private static final String HEADER = "sec-websocket-protocol";
  private static final String SECRET = "xai-client-secret.";

  private Subprotocols() {}

  /** The token among the subprotocols of a request. */
  public static Optional<String> secret(String header) {
    return asked(header).map(p -> p.substring(SECRET.length()));
  }

  private static Optional<String> asked(String header) {
    return Stream.of(header.split(",", -1))
        .map(String::strip)
        .filter(p -> p.startsWith(SECRET) && p.length() > SECRET.length())
        .findFirst();
  }

  /** The same answer, naming that subprotocol: without it a browser gives the connection up. */
  public static HttpResponse answered(RequestHeaders asked, HttpResponse answer) {
    Optional<String> chosen = Optional.ofNullable(asked.get(HEADER)).flatMap(Subprotocols::asked);
    return chosen.isEmpty()
        ? answer
        : answer
            .mapInformational(head -> with(head, chosen.get()))
            .mapHeaders(head -> with(head, chosen.get()));
  }

  private static ResponseHeaders with(ResponseHeaders head, String chosen) {
    boolean opened = head.status().code() == 101 || head.status().code() == 200;
    return opened ? head.toBuilder().set(HEADER, chosen).build() : head;
  }
}
