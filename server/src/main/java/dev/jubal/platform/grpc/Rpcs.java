package dev.jubal.platform.grpc;

import io.grpc.ServiceDescriptor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The methods of all services. Each method of a service is named here, built or not: what is
 * forgotten stops the start, rather than being open or failing without a word.
 */
public final class Rpcs {
  private final Map<ServiceDescriptor, List<Rpc<?, ?>>> services = new LinkedHashMap<>();

  /** Adds a service with all of its methods. */
  public void add(ServiceDescriptor service, List<Rpc<?, ?>> rpcs) {
    Set<String> wanted =
        service.getMethods().stream().map(m -> m.getFullMethodName()).collect(Collectors.toSet());
    List<String> given = rpcs.stream().map(r -> r.method().getFullMethodName()).toList();
    if (given.size() != wanted.size() || !wanted.containsAll(given)) {
      throw new IllegalStateException(
          service.getName() + " has the methods " + given + " (expected: " + wanted + ")");
    }
    if (services.putIfAbsent(service, List.copyOf(rpcs)) != null) {
      throw new IllegalStateException("two services " + service.getName());
    }
  }

  /** All methods, in the order they were added. */
  public List<Rpc<?, ?>> all() {
    List<Rpc<?, ?>> all = new ArrayList<>();
    services.values().forEach(all::addAll);
    return all;
  }

  Map<ServiceDescriptor, List<Rpc<?, ?>>> services() {
    return services;
  }
}
