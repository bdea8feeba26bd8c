package dev.jubal.platform.http;

import dev.jubal.platform.error.ApiException;

/** How a dialect writes an error. */
public interface ErrorRenderer {
  /** The HTTP status. */
  int status(ApiException error);

  /** The JSON body. */
  Object body(ApiException error);
}
