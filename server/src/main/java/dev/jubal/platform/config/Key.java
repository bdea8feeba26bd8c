package dev.jubal.platform.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The default and the description of one configuration key. */
@Target({ElementType.RECORD_COMPONENT, ElementType.FIELD})
@Retention(RetentionPolicy.RUNTIME)
public @interface Key {
  /** The default as it would be written; empty for none (an Optional). */
  String value() default "";

  /** One sentence for the reference. */
  String doc();
}
