package dev.jubal.platform.http;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.Rates;
import dev.jubal.platform.http.rates.RateHeaders;
import java.util.Map;

/** How a dialect writes an error. */
public interface ErrorRenderer {
  /** The header of every answer, error or not, that holds the request's id. */
  String REQUEST_ID = "x-request-id";

  /** The HTTP status. */
  int status(ApiException error);

  /** The JSON body. */
  Object body(ApiException error);

  /** The same, of a dialect whose body holds the request's id. */
  default Object body(ApiException error, String requestId) {
    return body(error);
  }

  /** The record of the body, for the description. */
  Class<? extends Record> form();

  /** The headers that say how a caller stands against its limits. */
  default Map<String, String> headers(Rates rates) {
    return RateHeaders.openAi(rates);
  }

  /** A header beside {@link #REQUEST_ID} in which clients of this dialect look for the id. */
  default String idHeader() {
    return REQUEST_ID;
  }
}
