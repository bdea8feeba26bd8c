package dev.jubal.inference;

import java.io.Serializable;

/** Where in a request a schema stands, in no dialect's words. */
public sealed interface SchemaPlace extends Serializable {

  /** The format of the answer. */
  record Format() implements SchemaPlace {}

  /** The parameters of a function; {@code index} counts {@link Tools#functions} from 0. */
  record Parameters(int index) implements SchemaPlace {}
}
