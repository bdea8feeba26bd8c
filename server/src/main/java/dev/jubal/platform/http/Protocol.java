package dev.jubal.platform.http;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.HttpServiceWithRoutes;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.jubal.platform.http.edge.Intake;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Another protocol on the same port, beside the routes. */
public interface Protocol {
  /**
   * What answers its paths.
   *
   * @param inFlight has to know of each request while it runs
   * @param threads runs what may block
   * @param intake bounds what is not there yet
   */
  HttpServiceWithRoutes service(InFlight inFlight, Executor threads, Intake intake);

  /** The answer to a request in this protocol whose path it does not have; empty for all others. */
  Optional<HttpResponse> unknown(ServiceRequestContext context, HttpRequest request);
}
