package dev.jubal.inference;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.jubal.platform.json.Json;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.NamedType;

/**
 * The words of this package as they are stored: JSON whose variants carry a {@code type}. What is
 * stored stays readable for ever: a variant or field may be added, none renamed or taken away.
 */
public final class StoredJson {
  /** The version that goes beside what is stored. */
  public static final int VERSION = 1;

  private static final List<Class<?>> SEALED =
      List.of(
          Prompt.class,
          Item.class,
          Item.Part.class,
          AnswerFormat.class,
          Tools.Choice.class,
          GenerationRequest.Begun.Piece.class,
          GenerationEvent.class);

  private static final JsonMapper MAPPER = mapper();

  private StoredJson() {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  private interface Typed {}

  private static JsonMapper mapper() {
    JsonMapper.Builder builder = Json.mapper().rebuild();
    for (Class<?> type : SEALED) {
      builder.addMixIn(type, Typed.class);
      for (Class<?> variant : type.getPermittedSubclasses()) {
        builder.registerSubtypes(new NamedType(variant, name(variant)));
      }
    }
    return builder.build();
  }

  /** FunctionCallOutput is function_call_output. */
  private static String name(Class<?> variant) {
    return variant.getSimpleName().replaceAll("(?<=.)(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }

  public static byte[] of(GenerationRequest request) {
    return MAPPER.writeValueAsBytes(request);
  }

  public static GenerationRequest request(byte[] stored) {
    return MAPPER.readValue(stored, GenerationRequest.class);
  }

  public static byte[] of(GenerationEvent event) {
    return MAPPER.writerFor(GenerationEvent.class).writeValueAsBytes(event);
  }

  public static GenerationEvent event(byte[] stored) {
    return MAPPER.readValue(stored, GenerationEvent.class);
  }

  /** A list of events. */
  public static byte[] of(List<GenerationEvent> events) {
    return MAPPER
        .writerFor(new TypeReference<List<GenerationEvent>>() {})
        .writeValueAsBytes(events);
  }

  public static List<GenerationEvent> events(byte[] stored) {
    return MAPPER.readValue(stored, new TypeReference<List<GenerationEvent>>() {});
  }

  /** The items of a conversation. */
  public static byte[] ofItems(List<Item> items) {
    return MAPPER.writerFor(new TypeReference<List<Item>>() {}).writeValueAsBytes(items);
  }

  public static List<Item> items(byte[] stored) {
    return MAPPER.readValue(stored, new TypeReference<List<Item>>() {});
  }

  /** A record whose components are words of this package, and others like it. */
  public static byte[] ofRecord(Record stored) {
    return MAPPER.writeValueAsBytes(stored);
  }

  public static <T extends Record> T record(byte[] stored, Class<T> type) {
    return MAPPER.readValue(stored, type);
  }
}
