package dev.jubal.inference.sight;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.net.FetchFailure;
import dev.jubal.platform.net.PublicHttp;
import dev.jubal.platform.time.Cancellation;
import java.awt.image.BufferedImage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Looks at the pictures of requests. Thread-safe; blocks, so callers should be virtual threads.
 *
 * <p>Pictures of a request are looked at one after the other, and few at the same time in the whole
 * server, half of them at most for one team; one that waits too long for its turn is refused for a
 * while. No picture outlives its look.
 */
public final class Sight {
  /** Most bytes of one picture. Source: api.x.ai's guide to pictures. */
  static final int MOST_BYTES = 20 * 1024 * 1024;

  private static final Duration FETCH = Duration.ofSeconds(5);
  private static final Duration FETCH_ALL = Duration.ofSeconds(20);
  private static final Duration READ_ALL = Duration.ofSeconds(30);
  private static final long MOST_BYTES_TOGETHER = 64L * 1024 * 1024;
  private static final Duration WAIT = Duration.ofSeconds(10);
  private static final int MIB = 1024 * 1024;
  private static final PublicHttp.Wanted WANTED =
      new PublicHttp.Wanted(
          Set.of(
              "image/png",
              "image/jpeg",
              "image/jpg",
              "image/gif",
              "image/webp",
              "application/octet-stream",
              "binary/octet-stream"),
          MOST_BYTES,
          FETCH);

  private final SightConfig config;
  private final PublicHttp http;
  private final SightMeters meters;
  private final Ocr ocr;
  private final Turns fetching;
  private final Turns looking;
  private final Turns reading;
  private final Turns counting;

  /** {@code environment} is where programs are looked for. */
  public Sight(
      SightConfig config, PublicHttp http, SightMeters meters, Map<String, String> environment) {
    this.config = config;
    this.http = http;
    this.meters = meters;
    this.ocr = new Ocr(config, environment);
    long heap = Runtime.getRuntime().maxMemory() / MIB;
    this.fetching = new Turns(Math.clamp(heap / 128, 2, 16));
    this.looking = new Turns(Math.clamp(heap / 256, 1, 8));
    this.reading = new Turns(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    this.counting = new Turns(Math.clamp(heap / 128, 2, 16), 1);
  }

  /** A picture of a request: where it is, and how closely it is to be looked at. */
  public record Asked(String url, Optional<String> detail) {}

  /**
   * Fetches, checks, and without eyes reads.
   *
   * @param team which never has more than half of what can be looked at at once
   * @param eyes whether what answers sees pictures itself
   * @throws ApiException when a picture is not taken; its cause is a {@link PictureRefused}
   */
  public Looked look(String team, List<Asked> asked, boolean eyes, Cancellation cancel) {
    if (asked.isEmpty()) {
      return Looked.NOTHING;
    }
    if (asked.size() > config.mostPictures()) {
      throw refused(
          asked.size() - config.mostPictures(),
          asked.size()
              + " pictures in one request (expected: at most "
              + config.mostPictures()
              + ").");
    }
    Glance glance = new Glance(team, asked.size(), eyes, cancel);
    for (int i = 0; i < asked.size(); i++) {
      cancel.reason().ifPresent(Sight::rethrow);
      glance.look(asked.get(i));
    }
    return new Looked(eyes, glance.parts, glance.tokens);
  }

  /**
   * What pictures count for. It costs nothing, so a team counts the pictures of one request at a
   * time.
   *
   * @throws ApiException as {@link #look}
   */
  public long count(String team, List<Asked> asked, Cancellation cancel) {
    if (asked.isEmpty()) {
      return 0;
    }
    acquire(counting, team);
    try {
      return look(team, asked, true, cancel).tokens();
    } finally {
      counting.end(team);
    }
  }

  private static void rethrow(ApiException reason) {
    throw reason;
  }

  /** One request's pictures, one after the other. */
  private final class Glance {
    private final String team;
    private final int count;
    private final boolean eyes;
    private final Cancellation cancel;
    private final List<String> parts = new ArrayList<>();
    private final Clock fetchTime = new Clock(FETCH_ALL);
    private final Clock readTime = new Clock(READ_ALL);
    private long tokens;
    private long bytes;

    Glance(String team, int count, boolean eyes, Cancellation cancel) {
      this.team = team;
      this.count = count;
      this.eyes = eyes;
      this.cancel = cancel;
    }

    void look(Asked asked) {
      String source = DataUrl.is(asked.url) ? "data" : "url";
      int fromEnd = count - parts.size();
      try {
        Seen seen = seen(asked);
        tokens += seen.tokens();
        meters.looked(source, seen.picture().format());
        if (!eyes) {
          parts.add(Description.text(parts.size() + 1, count, seen, text(seen)));
        }
      } catch (BadPicture e) {
        meters.refused(source, "bad_picture");
        throw refused(fromEnd, "The picture is " + e.text() + ".");
      } catch (FetchFailure e) {
        meters.refused(source, e.kind().name());
        throw e.kind() == FetchFailure.Kind.BUSY
            ? full()
            : refused(fromEnd, "The picture could not be fetched: " + e.text() + ".");
      }
    }

    /** Servers that are slow hold up those who wait for a server, and no others. */
    private Seen seen(Asked asked) throws BadPicture, FetchFailure {
      if (DataUrl.is(asked.url)) {
        return decoded(asked, Optional.empty());
      }
      acquire(fetching, team);
      try {
        return decoded(asked, Optional.of(fetched(asked.url)));
      } finally {
        fetching.end(team);
      }
    }

    private Seen decoded(Asked asked, Optional<byte[]> fetched) throws BadPicture {
      acquire(looking, team);
      try {
        byte[] picture = fetched.isPresent() ? fetched.get() : DataUrl.bytes(asked.url);
        if (picture.length > MOST_BYTES) {
          throw tooLarge();
        }
        bytes += picture.length;
        if (bytes > MOST_BYTES_TOGETHER) {
          throw new BadPicture(
              "one of several that have " + bytes + " bytes together (expected: at most 64 MiB)");
        }
        return eyes ? passedOn(asked, picture) : described(asked, picture);
      } finally {
        looking.end(team);
      }
    }

    private byte[] fetched(String url) throws FetchFailure, BadPicture {
      if (fetchTime.ended()) {
        throw new BadPicture(
            "one of several that took longer than " + FETCH_ALL.toSeconds() + " s to fetch");
      }
      return http.get(url, WANTED);
    }

    private Seen passedOn(Asked asked, byte[] picture) throws BadPicture {
      Head head = Head.read(picture);
      String media = head.format().mediaType();
      parts.add("data:" + media + ";base64," + Base64.getEncoder().encodeToString(picture));
      return seen(asked, picture, head, Optional.empty());
    }

    private Seen described(Asked asked, byte[] picture) throws BadPicture {
      Head head = Head.read(picture);
      return seen(asked, picture, head, Pixels.decode(picture, head));
    }

    private static Seen seen(
        Asked asked, byte[] picture, Head head, Optional<BufferedImage> image) {
      return new Seen(
          Picture.of(picture, head),
          picture.length,
          ImageTokens.of(head.width(), head.height(), asked.detail),
          image.map(Colours::of).orElse(List.of()),
          CameraData.of(head.exif()),
          image.map(Page::of));
    }

    private Reading text(Seen seen) {
      return seen.page()
          .map(
              p ->
                  readTime.ended()
                      ? new Reading.Failed("there was no time left")
                      : read(p, team, cancel))
          .orElse(new Reading.Failed("there are no pixels"));
    }
  }

  /** Whether a span of time has passed. */
  private static final class Clock {
    private final long end;

    Clock(Duration span) {
      this.end = System.nanoTime() + span.toNanos();
    }

    boolean ended() {
      return System.nanoTime() - end > 0;
    }
  }

  private Reading read(Page page, String team, Cancellation cancel) {
    acquire(reading, team);
    long start = System.nanoTime();
    try {
      Reading read = ocr.read(page, cancel);
      meters.read(read.outcome(), Duration.ofNanos(System.nanoTime() - start));
      return read;
    } finally {
      reading.end(team);
    }
  }

  private static void acquire(Turns turns, String team) {
    try {
      if (!turns.begin(team, WAIT)) {
        throw full();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw full();
    }
  }

  private static ApiException full() {
    return ApiException.retry(
        ErrorCode.CAPACITY_EXCEEDED,
        "The server looks at as many pictures as it can (expected: fewer at the same time).",
        Duration.ofSeconds(2));
  }

  static BadPicture tooLarge() {
    return new BadPicture("more than " + MOST_BYTES + " bytes (expected: at most 20 MiB)");
  }

  private static ApiException refused(int fromEnd, String text) {
    return new ApiException(ErrorCode.INVALID_VALUE, text, null, null, new PictureRefused(fromEnd));
  }
}
