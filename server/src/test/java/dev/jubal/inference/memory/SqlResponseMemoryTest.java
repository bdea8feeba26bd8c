package dev.jubal.inference.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jubal.account.Principal;
import dev.jubal.account.keys.TeamTerms;
import dev.jubal.account.ledger.Usage;
import dev.jubal.inference.Item;
import dev.jubal.inference.Role;
import dev.jubal.inference.Tools;
import dev.jubal.platform.config.Secret;
import dev.jubal.platform.crypto.CryptoConfig;
import dev.jubal.platform.crypto.LocalMasterKey;
import dev.jubal.platform.crypto.TinkVault;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.sql.Database;
import dev.jubal.testing.SettableClock;
import dev.jubal.testing.Stores;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What is stored, for whom, how long, and what a thief or a changed row gets. */
@ParameterizedClass
@EnumSource(Stores.class)
final class SqlResponseMemoryTest {
  @Parameter private Stores on = Stores.SQLITE;

  private static final Instant START = Instant.parse("2026-11-24T12:00:00Z");
  private static final String PIXEL =
      "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGA"
          + "WjR9awAAAABJRU5ErkJggg==";

  private final SettableClock clock = new SettableClock(START);
  @TempDir private Path folder;
  private Database database;
  private SqlResponseMemory memory;

  @BeforeEach
  void open() {
    database = on.open(folder);
    memory = memory(CryptoConfig.STANDARD);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private SqlResponseMemory memory(CryptoConfig crypto) {
    return memory(crypto, MemoryConfig.STANDARD);
  }

  private SqlResponseMemory memory(CryptoConfig crypto, MemoryConfig config) {
    return new SqlResponseMemory(
        database,
        new TinkVault(database, LocalMasterKey.open(crypto, folder), clock),
        config,
        clock);
  }

  private static MemoryConfig limits(long responses, long bytes) {
    MemoryConfig standard = MemoryConfig.STANDARD;
    return new MemoryConfig(standard.retention(), standard.sweepEvery(), responses, bytes);
  }

  private StoredAmount counted() {
    return database.read(
        s ->
            s.first(
                    "SELECT COUNT(*) AS n, COALESCE(SUM(LENGTH(content)), 0) AS bytes"
                        + " FROM stored_response",
                    row -> new StoredAmount(row.whole("n"), row.whole("bytes")))
                .orElseThrow());
  }

  @Test
  void whatIsStoredIsCountedHoweverItComesAndGoes() {
    put("r1", Optional.empty());
    put("r2", Optional.of("r1"));
    put("r2", Optional.of("r1")); // its newer state takes the room of the older one
    memory.put(
        caller("other"),
        new StoredResponse(
            "r3",
            "other",
            Optional.empty(),
            StoredResponse.Status.COMPLETED,
            clock.instant(),
            response("r3", Optional.empty()).content()));
    assertEquals(3, memory.amount().responses());
    assertEquals(counted(), memory.amount());
    assertTrue(memory.delete("team", "r1"));
    assertFalse(memory.delete("team", "r1"));
    assertEquals(2, memory.amount().responses());
    assertEquals(counted(), memory.amount());
    clock.move(Duration.ofDays(31));
    memory.sweep();
    assertEquals(new StoredAmount(0, 0), memory.amount());
  }

  @Test
  void aTeamThatHasAsMuchAsItMayIsRefusedAndAnotherIsNot() {
    put("r1", Optional.empty());
    long bytes = memory.amount().bytes();
    for (MemoryConfig config : List.of(limits(1, bytes + 1), limits(2, bytes))) {
      SqlResponseMemory limited = memory(CryptoConfig.STANDARD, config);
      ApiException refusal = assertThrows(ApiException.class, () -> limited.stores(caller("team")));
      assertEquals(ErrorCode.INVALID_VALUE, refusal.code());
      assertEquals(Optional.of("store"), refusal.param());
      assertTrue(refusal.text().contains("1 stored responses of " + bytes + " bytes"));
      assertTrue(limited.stores(caller("other")));
      assertEquals(1, limited.counters().refused());
    }
    assertTrue(memory.delete("team", "r1"));
    assertTrue(memory(CryptoConfig.STANDARD, limits(1, 1)).stores(caller("team")));
  }

  private static Principal caller(String team, boolean zeroRetention, boolean pictures) {
    return new Principal(
        "key",
        "name",
        "xai-...",
        "user",
        team,
        List.of(),
        new TeamTerms(1, zeroRetention, pictures, false));
  }

  private static Principal caller(String team) {
    return caller(team, false, false);
  }

  private StoredResponse response(String id, Optional<String> previous, List<Kept> input) {
    return new StoredResponse(
        id,
        "team",
        previous,
        StoredResponse.Status.COMPLETED,
        clock.instant(),
        new StoredResponse.Content(
            "grok-4",
            Optional.of("Be brief."),
            input,
            List.of(Kept.of("msg_" + id, Item.Message.text(Role.ASSISTANT, "said " + id))),
            new Tools(
                List.of(new Tools.Function("add", "adds", "{\"type\":\"object\"}")),
                new Tools.Choice.Named("add"),
                true),
            Optional.of(new StoredResponse.Spent(Usage.of(3, 1, 2), 70)),
            Optional.of(new StoredResponse.Face("responses", "{\"k\":1}"))));
  }

  private StoredResponse response(String id, Optional<String> previous) {
    return response(
        id, previous, List.of(Kept.of("in_" + id, Item.Message.text(Role.USER, "asked " + id))));
  }

  private StoredResponse put(String id, Optional<String> previous) {
    StoredResponse stored = response(id, previous);
    memory.put(caller("team"), stored);
    return stored;
  }

  private ErrorCode refused(String previousId) {
    return assertThrows(ApiException.class, () -> memory.conversation("team", previousId)).code();
  }

  private static List<String> texts(Conversation conversation) {
    return conversation.items().stream().map(i -> ((Item.Message) i).text()).toList();
  }

  @Test
  void givesBackWhatWasStoredAlsoAfterARestart() {
    StoredResponse stored = put("r1", Optional.empty());
    assertEquals(Optional.of(stored), memory(CryptoConfig.STANDARD).find("team", "r1"));
  }

  @Test
  void holdsAStateUnderWayAndThenTheEnd() {
    StoredResponse end = response("r1", Optional.empty());
    StoredResponse.Content c = end.content();
    memory.put(
        caller("team"),
        new StoredResponse(
            "r1",
            "team",
            Optional.empty(),
            StoredResponse.Status.QUEUED,
            START,
            new StoredResponse.Content(
                c.model(),
                c.instructions(),
                c.input(),
                List.of(),
                c.tools(),
                Optional.empty(),
                c.face())));
    assertEquals(StoredResponse.Status.QUEUED, memory.find("team", "r1").orElseThrow().status());
    assertEquals(ErrorCode.INVALID_VALUE, refused("r1"));
    memory.put(caller("team"), end);
    assertEquals(Optional.of(end), memory.find("team", "r1"));
  }

  @Test
  void isUnknownToAnotherTeam() {
    put("r1", Optional.empty());
    memory.stores(caller("other"));
    assertEquals(Optional.empty(), memory.find("other", "r1"));
    assertFalse(memory.delete("other", "r1"));
    assertEquals(
        ErrorCode.PREVIOUS_RESPONSE_NOT_FOUND,
        assertThrows(ApiException.class, () -> memory.conversation("other", "r1")).code());
    assertTrue(memory.find("team", "r1").isPresent());
  }

  @Test
  void continuesOldestFirst() {
    put("r1", Optional.empty());
    put("r2", Optional.of("r1"));
    put("r3", Optional.of("r2"));
    Conversation all = memory.conversation("team", "r3");
    assertEquals(
        List.of("asked r1", "said r1", "asked r2", "said r2", "asked r3", "said r3"), texts(all));
    assertEquals(Optional.of("Be brief."), all.instructions());
    assertEquals("add", all.tools().functions().getFirst().name());
    assertEquals(List.of("asked r1", "said r1"), texts(memory.conversation("team", "r1")));
  }

  @Test
  void aDeletedResponseIsGoneFromThoseThatContinueItToo() {
    put("r1", Optional.empty());
    put("r2", Optional.of("r1"));
    assertTrue(memory.delete("team", "r1"));
    assertFalse(memory.delete("team", "r1"));
    assertTrue(memory.find("team", "r2").isPresent());
    assertEquals(ErrorCode.PREVIOUS_RESPONSE_NOT_FOUND, refused("r2"));
    assertEquals(ErrorCode.PREVIOUS_RESPONSE_NOT_FOUND, refused("r1"));
  }

  @Test
  void expiresButStaysAsContextOfWhatContinuesIt() {
    put("r1", Optional.empty());
    clock.move(Duration.ofDays(29));
    put("r2", Optional.of("r1"));
    clock.move(Duration.ofDays(2));
    memory.sweep();
    assertEquals(Optional.empty(), memory.find("team", "r1"));
    assertEquals(ErrorCode.PREVIOUS_RESPONSE_NOT_FOUND, refused("r1"));
    assertEquals(
        List.of("asked r1", "said r1", "asked r2", "said r2"),
        texts(memory.conversation("team", "r2")));
    clock.move(Duration.ofDays(28));
    assertEquals(ErrorCode.PREVIOUS_RESPONSE_NOT_FOUND, refused("r2"));
    memory.sweep();
    assertEquals(0L, count());
    assertEquals(2, memory.counters().expired());
  }

  private long count() {
    return database.read(
        s ->
            s.first(
                    "SELECT (SELECT COUNT(*) FROM stored_response)"
                        + " + (SELECT COUNT(*) FROM stored_thread) AS n",
                    r -> r.whole("n"))
                .orElseThrow());
  }

  @Test
  void storesNothingOfATeamOfZeroRetention() {
    Principal zero = caller("team", true, false);
    assertFalse(memory.stores(zero));
    memory.put(zero, response("r1", Optional.empty()));
    assertEquals(0L, count());
  }

  @Test
  void nothingOfItIsReadableInTheFolder() throws Exception {
    assumeTrue(on == Stores.SQLITE, "of a file");
    put("r1", Optional.empty());
    database.close();
    try (var files = Files.list(folder)) {
      for (Path file :
          files.filter(f -> f.getFileName().toString().startsWith("jubal.db")).toList()) {
        String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        assertFalse(bytes.contains("asked r1") || bytes.contains("Be brief"), file.toString());
      }
    }
    database = on.open(folder);
  }

  @Test
  void aChangedRowIsAnErrorThatSaysSo() {
    put("r1", Optional.empty());
    put("r2", Optional.empty());
    byte[] other =
        database.read(
            s ->
                s.first(
                        "SELECT content FROM stored_response WHERE id = 'r2'",
                        r -> r.bytes("content"))
                    .orElseThrow());
    database.write(s -> s.update("UPDATE stored_response SET content = ? WHERE id = 'r1'", other));
    unreadable("r1");
    database.write(s -> s.update("UPDATE stored_response SET previous_id = 'r1' WHERE id = 'r2'"));
    unreadable("r2");
    database.write(s -> s.update("UPDATE stored_response SET team_id = 'other' WHERE id = 'r2'"));
    assertThrows(ApiException.class, () -> memory.find("other", "r2"));
  }

  private void unreadable(String id) {
    ApiException e = assertThrows(ApiException.class, () -> memory.find("team", id));
    assertEquals(ErrorCode.INTERNAL_ERROR, e.code());
    assertTrue(e.text().contains("The stored response " + id + " cannot be opened"), e.text());
  }

  @Test
  void aLostMasterKeyIsAnErrorThatSaysSo() {
    put("r1", Optional.empty());
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) 7);
    SqlResponseMemory other =
        memory(
            new CryptoConfig(
                Optional.of(new Secret(Base64.getEncoder().encodeToString(key))),
                Optional.empty()));
    ApiException read = assertThrows(ApiException.class, () -> other.find("team", "r1"));
    assertTrue(read.text().contains("another master key"), read.text());
    ApiException write = assertThrows(ApiException.class, () -> other.stores(caller("team")));
    assertEquals(ErrorCode.SERVICE_UNAVAILABLE, write.code());
    assertTrue(write.text().contains("expected: the master key"), write.text());
  }

  @Test
  void aDatabaseThatIsBusyRefusesBeforeAnythingIsDone() throws Exception {
    assumeTrue(on == Stores.SQLITE, "of a file");
    try (var holder = database.connect(Database.Sync.FULL, Duration.ofSeconds(1))) {
      holder.setAutoCommit(false);
      ApiException e =
          assertThrows(
              ApiException.class,
              () -> memory.put(caller("team"), response("r1", Optional.empty())));
      assertEquals(ErrorCode.SERVICE_UNAVAILABLE, e.code());
      holder.rollback();
      holder.setAutoCommit(true);
    }
    assertEquals(0L, count());
  }

  @Test
  void keepsPicturesAsHashAndDimensionsUnlessTheTermsKeepThem() {
    List<Kept> input =
        List.of(
            Kept.of(
                "in",
                new Item.Message(
                    Role.USER,
                    List.of(
                        new Item.Part.Text("look"),
                        new Item.Part.Image(PIXEL, Optional.of("low")),
                        new Item.Part.Image("https://a.example/b.png", Optional.empty())))));
    memory.put(caller("team"), response("r1", Optional.empty(), input));
    memory.put(caller("team", false, true), response("r2", Optional.empty(), input));
    Item.Message kept =
        (Item.Message)
            memory.find("team", "r1").orElseThrow().content().input().getFirst().items().getFirst();
    Item.Part.Image picture = (Item.Part.Image) kept.content().get(1);
    assertTrue(picture.url().matches("urn:jubal:picture:[0-9a-f]{64}:1x1"), picture.url());
    assertEquals(Optional.of("low"), picture.detail());
    assertEquals(input, memory.find("team", "r2").orElseThrow().content().input());
    Item.Message told = (Item.Message) memory.conversation("team", "r1").items().getFirst();
    assertTrue(told.text().startsWith("look[A picture of 1x1 pixels was here"), told.text());
    assertEquals(
        new Item.Part.Text(
            "[A picture was here, at https://a.example/b.png; it is not looked at again]"),
        told.content().get(2));
  }
}
