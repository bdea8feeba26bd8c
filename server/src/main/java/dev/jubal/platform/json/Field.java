package dev.jubal.platform.json;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a field of a wire record may hold. Read by {@link WireReader} to check requests and by the
 * OpenAPI generator to describe them, so the two cannot disagree.
 */
@Target({ElementType.RECORD_COMPONENT, ElementType.FIELD})
@Retention(RetentionPolicy.RUNTIME)
public @interface Field {
  /** One phrase for the reference. */
  String value() default "";

  boolean required() default false;

  /** Least number. */
  double min() default Double.NEGATIVE_INFINITY;

  /** Largest number, or most elements of an array. */
  double max() default Double.POSITIVE_INFINITY;

  /** The allowed strings; empty allows any. */
  String[] oneOf() default {};

  /** How the field is treated. */
  Support support() default Support.USED;

  /** Values, as JSON text, that ask for nothing and so pass whatever the support. */
  String[] neutral() default {};

  /** Whether an empty object or array asks for something too. */
  boolean emptyAsks() default false;

  /** The JSON types of a field declared as {@code JsonNode}, such as "string" and "array". */
  String[] types() default {};

  /** How a field is treated. */
  enum Support {
    USED,
    /** Accepted without effect and named in {@code x-jubal-ignored}. */
    IGNORED,
    /** Accepted without effect and without a word: it asks for nothing a client could miss. */
    SILENT,
    /** A value that asks for something is a 400 that names the field. */
    REFUSED
  }
}
