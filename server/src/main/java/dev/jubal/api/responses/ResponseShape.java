package dev.jubal.api.responses;

import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.StoredJson;
import dev.jubal.inference.catalogue.Model;
import dev.jubal.inference.memory.StoredResponse;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.json.WireReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * What has to be known of a request to show its response when the request itself is long gone;
 * stored with its work.
 *
 * @param version of the form
 * @param body the request as it came, but for its input
 * @param instructions see {@link ResponseEcho.Around}, as store and defaults
 * @param encrypted whether thoughts come with their encrypted content
 * @param kept what is remembered of the request, without an answer
 */
record ResponseShape(
    int version,
    String body,
    Optional<String> instructions,
    boolean store,
    Model.Defaults defaults,
    boolean encrypted,
    StoredResponse.Content kept) {
  private static final String INPUT = "input";

  static byte[] of(byte[] body, ResponsesDecoder.Asked asked, Model.Defaults defaults) {
    ObjectNode rest = (ObjectNode) Json.tree(body);
    rest.put(INPUT, ""); // it is stored as items; a body without it is none
    return StoredJson.ofRecord(
        new ResponseShape(
            StoredJson.VERSION,
            Json.string(rest),
            Optional.ofNullable(asked.echo().instructions),
            asked.echo().store,
            defaults,
            asked.encrypted(),
            asked.kept()));
  }

  static ResponseShape read(byte[] stored) {
    return StoredJson.record(stored, ResponseShape.class);
  }

  /** What a response repeats of its request. */
  ResponseEcho echo(GenerationRequest request) {
    ResponsesWire.Request wire =
        WireReader.read(body.getBytes(StandardCharsets.UTF_8), ResponsesWire.Request.class).value();
    return new ResponseEcho(
        wire, request.options(), new ResponseEcho.Around(instructions, store, defaults));
  }
}
