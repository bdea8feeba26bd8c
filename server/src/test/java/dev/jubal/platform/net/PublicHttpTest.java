package dev.jubal.platform.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import dev.jubal.platform.net.FetchFailure.Kind;
import dev.jubal.platform.net.PublicHttp.Wanted;
import dev.jubal.testing.RawServer;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The guard against servers on loopback, which the configuration allows where a test says so. */
final class PublicHttpTest {
  private static final NetConfig LOOPBACK = new NetConfig("127.0.0.1", "");
  private static final Wanted IMAGES = new Wanted(Set.of("image/png"), 1000, Duration.ofSeconds(5));
  private static final byte[] BODY = "picture".getBytes(StandardCharsets.UTF_8);

  private static final List<AggregatedHttpRequest> SEEN = new CopyOnWriteArrayList<>();
  private static Server server;
  private static TlsKeyPair certificate;

  @BeforeAll
  static void start() throws Exception {
    certificate = TlsKeyPair.ofSelfSigned("pictures.example");
    ServerBuilder builder =
        Server.builder()
            .http(0)
            .https(0)
            .tls(certificate)
            .service(
                "prefix:/",
                (ctx, req) ->
                    HttpResponse.of(
                        req.aggregate()
                            .thenApply(
                                whole -> {
                                  SEEN.add(whole);
                                  return answer(whole.path());
                                })));
    server = builder.build();
    server.start().join();
  }

  private static HttpResponse answer(String path) {
    if (path.startsWith("/to?")) {
      return HttpResponse.of(
          ResponseHeaders.builder(HttpStatus.FOUND).set("location", path.substring(4)).build());
    }
    return switch (path) {
      case "/ok.png" -> HttpResponse.of(HttpStatus.OK, MediaType.PNG, BODY);
      case "/big.png" -> HttpResponse.of(HttpStatus.OK, MediaType.PNG, new byte[1001]);
      case "/page" -> HttpResponse.of(HttpStatus.OK, MediaType.HTML_UTF_8, "<p>");
      case "/hook" -> HttpResponse.of(HttpStatus.ACCEPTED);
      default -> HttpResponse.of(HttpStatus.NOT_FOUND);
    };
  }

  @AfterAll
  static void stop() {
    server.stop().join();
  }

  private static Resolver always(String address) {
    return host -> List.of(InetAddress.ofLiteral(address));
  }

  private static String http(String path) {
    return "http://pictures.example:" + server.activeLocalPort() + path;
  }

  private static FetchFailure failure(NetConfig config, Resolver resolver, String url) {
    try (PublicHttp http = new PublicHttp(config, resolver)) {
      return assertThrows(FetchFailure.class, () -> http.get(url, IMAGES));
    }
  }

  private static Kind kind(String url) {
    return failure(LOOPBACK, always("127.0.0.1"), url).kind();
  }

  @Test
  void aBodyComesFromTheJudgedAddressUnderTheHostsName() throws Exception {
    try (PublicHttp http = new PublicHttp(LOOPBACK, always("127.0.0.1"))) {
      SEEN.clear();
      assertArrayEquals(BODY, http.get(http("/ok.png"), IMAGES));
      AggregatedHttpRequest seen = SEEN.getFirst();
      assertEquals("pictures.example:" + server.activeLocalPort(), seen.authority());
      assertEquals("Jubal", seen.headers().get("user-agent"));
      assertEquals(null, seen.headers().get("authorization"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:8000/",
    "http://2130706433:8000/",
    "http://[::1]:8000/",
    "http://[::ffff:127.0.0.1]:8000/",
    "http://[::ffff:a9fe:a9fe]/latest/meta-data/",
    "http://169.254.169.254/latest/meta-data/",
    "http://localhost:8000/",
    "http://10.0.0.1/",
  })
  void spellingsOfPrivateAddressesAreForbidden(String url) {
    assertEquals(Kind.FORBIDDEN, failure(NetConfig.STANDARD, Resolver.system(), url).kind(), url);
  }

  @ParameterizedTest
  @CsvSource({
    "ftp://pictures.example/a",
    "file:///etc/passwd",
    "gopher://pictures.example/",
    "//pictures.example/a",
    "http:///a",
    "http://user:word@pictures.example/",
    "http://127.1:8000/",
    "http://user@pictures.example/",
    "http://pictures.example:22/",
    "http://pictures.example:0/",
    "http://pictures.example:99999/",
    "http://[fe80::1%25eth0]/",
    "'http://pictures.example/a b'",
    "http://pictures.example\\@127.0.0.1/",
    "not a url",
  })
  void whatIsNoPlainUrlIsRefused(String url) {
    assertEquals(Kind.BAD_URL, kind(url), url);
  }

  @Test
  void aNameWithOnePrivateAddressIsForbidden() {
    Resolver mixed =
        host -> List.of(InetAddress.ofLiteral("8.8.8.8"), InetAddress.ofLiteral("192.168.0.1"));
    assertEquals(
        Kind.FORBIDDEN, failure(NetConfig.STANDARD, mixed, "http://pictures.example/").kind());
  }

  @Test
  void anotherAnswerOfTheNameServerChangesNothing() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    Resolver rebinding =
        host -> List.of(InetAddress.ofLiteral(asked.getAndIncrement() == 0 ? "127.0.0.1" : "::1"));
    try (PublicHttp http = new PublicHttp(LOOPBACK, rebinding)) {
      assertArrayEquals(BODY, http.get(http("/ok.png"), IMAGES));
      assertEquals(1, asked.get());
      FetchFailure second =
          assertThrows(FetchFailure.class, () -> http.get(http("/ok.png"), IMAGES));
      assertEquals(Kind.FORBIDDEN, second.kind());
    }
  }

  @Test
  void aRedirectIsJudgedAnew() {
    Resolver byName =
        host ->
            List.of(
                InetAddress.ofLiteral(host.equals("inside.example") ? "10.0.0.5" : "127.0.0.1"));
    String to = "/to?http://inside.example/secret";
    assertEquals(Kind.FORBIDDEN, failure(LOOPBACK, byName, http(to)).kind());
    assertEquals(Kind.BAD_URL, kind(http("/to?file:///etc/passwd")));
    assertEquals(Kind.BAD_URL, kind(http("/to?http://a:b@pictures.example/")));
  }

  @Test
  void redirectsAreFollowedThreeTimesAtMost() throws Exception {
    try (PublicHttp http = new PublicHttp(LOOPBACK, always("127.0.0.1"))) {
      assertArrayEquals(BODY, http.get(http("/to?/to?/to?/ok.png"), IMAGES));
    }
    assertEquals(Kind.BAD_ANSWER, kind(http("/to?/to?/to?/to?/ok.png")));
  }

  @Test
  void whatWasNotWantedIsNotTaken() {
    assertEquals(Kind.TOO_LARGE, kind(http("/big.png")));
    assertEquals(Kind.BAD_ANSWER, kind(http("/page")));
    assertEquals(Kind.BAD_ANSWER, kind(http("/nothing")));
  }

  @Test
  void aHostWithoutAnAddressIsNamedAsSuch() {
    assertEquals(
        Kind.UNRESOLVED, failure(LOOPBACK, host -> List.of(), "http://nowhere.example/").kind());
  }

  @Test
  void aServerThatLiesAboutItsLengthOrDripsIsLeft() throws Exception {
    String head = "HTTP/1.1 200 OK\r\ncontent-type: image/png\r\n";
    try (RawServer more = RawServer.saying(head + "content-length: 9000\r\n\r\nx", false);
        RawServer none = RawServer.saying(head + "\r\n" + "x".repeat(5000), true);
        RawServer less = RawServer.saying(head + "content-length: 9\r\n\r\nx", true);
        RawServer drip = RawServer.saying(head + "content-length: 900\r\n\r\nx", false)) {
      assertEquals(Kind.TOO_LARGE, kind("http://a.example:" + more.port() + "/"));
      assertEquals(Kind.TOO_LARGE, kind("http://a.example:" + none.port() + "/"));
      assertEquals(Kind.UNREACHABLE, kind("http://a.example:" + less.port() + "/"));
      Wanted soon = new Wanted(Set.of("image/png"), 1000, Duration.ofMillis(300));
      try (PublicHttp http = new PublicHttp(LOOPBACK, always("127.0.0.1"))) {
        String url = "http://a.example:" + drip.port() + "/";
        FetchFailure late = assertThrows(FetchFailure.class, () -> http.get(url, soon));
        assertEquals(Kind.TIMEOUT, late.kind());
      }
    }
  }

  @Test
  void aLookupThatHangsEndsInTime() {
    Resolver hangs =
        host -> {
          try {
            Thread.sleep(Duration.ofHours(1));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return List.of();
        };
    Wanted soon = new Wanted(Set.of("image/png"), 1000, Duration.ofMillis(100));
    try (PublicHttp http = new PublicHttp(LOOPBACK, hangs)) {
      FetchFailure late =
          assertThrows(FetchFailure.class, () -> http.get("http://slow.example/", soon));
      assertEquals(Kind.TIMEOUT, late.kind());
    }
  }

  @Test
  void theCertificateMustBeTheHosts() throws Exception {
    int port =
        server.activePorts().values().stream()
            .filter(p -> p.hasHttps())
            .findFirst()
            .orElseThrow()
            .localAddress()
            .getPort();
    try (PublicHttp http =
        new PublicHttp(
            LOOPBACK,
            always("127.0.0.1"),
            b -> b.tlsCustomizer(t -> t.trustManager(certificate.certificateChain())))) {
      assertArrayEquals(BODY, http.get("https://pictures.example:" + port + "/ok.png", IMAGES));
      String other = "https://other.example:" + port + "/ok.png";
      assertEquals(
          Kind.UNREACHABLE, assertThrows(FetchFailure.class, () -> http.get(other, IMAGES)).kind());
      String down = "https://pictures.example:" + port + "/to?" + http("/ok.png");
      assertEquals(
          Kind.BAD_URL, assertThrows(FetchFailure.class, () -> http.get(down, IMAGES)).kind());
    }
    assertEquals(Kind.UNREACHABLE, kind("https://pictures.example:" + port + "/ok.png"));
  }

  @Test
  void aPostIsGuardedAndFollowsNothing() throws Exception {
    Map<String, String> headers = Map.of("content-type", "application/json");
    byte[] json = "{}".getBytes(StandardCharsets.UTF_8);
    try (PublicHttp http = new PublicHttp(LOOPBACK, always("127.0.0.1"))) {
      SEEN.clear();
      assertEquals(202, http.post(http("/hook"), headers, json, Duration.ofSeconds(5)));
      assertEquals("{}", SEEN.getFirst().contentUtf8());
      assertEquals(302, http.post(http("/to?/hook"), headers, json, Duration.ofSeconds(5)));
      assertEquals(2, SEEN.size());
    }
    try (PublicHttp http = new PublicHttp(NetConfig.STANDARD, always("127.0.0.1"))) {
      FetchFailure e =
          assertThrows(
              FetchFailure.class,
              () -> http.post(http("/hook"), headers, json, Duration.ofSeconds(5)));
      assertEquals(Kind.FORBIDDEN, e.kind());
      assertTrue(!e.text().contains("127.0.0.1"), e.text());
    }
  }
}
