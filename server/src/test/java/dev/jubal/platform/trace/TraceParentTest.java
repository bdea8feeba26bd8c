package dev.jubal.platform.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TraceParentTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";

  @Test
  void aHeaderOfTheFirstVersionIsRead() {
    assertEquals(
        Optional.of(new TraceParent(TRACE, SPAN, true)),
        TraceParent.of("00-" + TRACE + "-" + SPAN + "-01"));
    assertEquals(
        Optional.of(new TraceParent(TRACE, SPAN, false)),
        TraceParent.of(" 00-" + TRACE + "-" + SPAN + "-02 "));
  }

  @Test
  void aLaterVersionMayHaveMore() {
    assertEquals(
        Optional.of(new TraceParent(TRACE, SPAN, true)),
        TraceParent.of("01-" + TRACE + "-" + SPAN + "-01-what-comes"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
        "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01",
      })
  void whatIsNoneIsNone(String header) {
    assertEquals(Optional.empty(), TraceParent.of(header));
  }

  @Test
  void noHeaderIsNone() {
    assertEquals(Optional.empty(), TraceParent.of(null));
  }
}
