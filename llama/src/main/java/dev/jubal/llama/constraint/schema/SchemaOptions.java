package dev.jubal.llama.constraint.schema;

/**
 * How a schema is read where the draft and api.x.ai differ.
 *
 * @param additionalByDefault whether an object may have keys that its {@code properties} do not
 *     name when {@code additionalProperties} is not there: the draft says yes, api.x.ai says no
 */
public record SchemaOptions(boolean additionalByDefault) {
  /** As api.x.ai documents it. */
  public static final SchemaOptions DEFAULT = new SchemaOptions(false);
}
