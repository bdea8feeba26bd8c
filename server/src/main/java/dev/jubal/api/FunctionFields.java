package dev.jubal.api;

import static dev.jubal.platform.json.Field.Support.IGNORED;

import dev.jubal.platform.json.Field;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A function of the client: chat nests it in its tool, responses write it flat. */
public record FunctionFields(
    @Field("1 to 128 letters, digits, _, - and ., no two alike; functions need it.")
        @Nullable String name,
    @Field("What it does, for the model.") @Nullable String description,
    @Field("JSON Schema of its arguments; left out, it takes none.")
        @Nullable ObjectNode parameters,
    @Field("Changes nothing: arguments always satisfy the schema.") @Nullable Boolean strict,
    @Field(support = IGNORED) @Nullable Boolean deferLoading) {}
