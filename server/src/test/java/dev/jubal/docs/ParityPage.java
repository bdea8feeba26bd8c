package dev.jubal.docs;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.jubal.api.xaigrpc.FieldTable;
import dev.jubal.platform.grpc.Rpc;
import dev.jubal.platform.grpc.Rpcs;
import dev.jubal.platform.http.Route;
import dev.jubal.platform.http.Routes;
import dev.jubal.platform.json.Field;
import dev.jubal.platform.json.RecordShape;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** docs/generated/parity.md: each RPC and each field of a request, and what it is worth. */
public final class ParityPage {
  private static final int DEEPEST = 4;

  private final Map<String, Descriptor> asked = new LinkedHashMap<>();
  private final Map<String, Descriptor> given = new LinkedHashMap<>();

  private ParityPage() {}

  /** Of the methods and routes of a server. */
  public static String text(Rpcs rpcs, Routes routes) {
    return new ParityPage().page(rpcs, routes);
  }

  private String page(Rpcs rpcs, Routes routes) {
    Table methods =
        new Table("method", "state", "endpoint of the ACL", "in the ledger", "what it does");
    for (Rpc<?, ?> rpc : rpcs.all()) {
      methods.row(
          "`" + rpc.method().getFullMethodName() + "`",
          rpc.built() ? "built" : "later: UNIMPLEMENTED",
          rpc.built() ? rpc.endpoint() : "",
          rpc.metered() ? "yes" : "no",
          rpc.built() ? rpc.summary() : "");
      if (rpc.built()) {
        messages(rpc);
      }
    }
    StringBuilder page = new StringBuilder(HEAD).append(methods);
    page.append("\n## Fields of requests over gRPC\n\n");
    Table fields = new Table("field", "number", "worth");
    asked.values().forEach(message -> requestFields(message, fields));
    page.append(fields).append("\n## Fields of answers over gRPC\n\n");
    Table answers = new Table("field", "number", "worth");
    given.values().forEach(message -> answerFields(message, answers));
    page.append(answers);
    for (Route route : routes.all()) {
      if (route.request() != null) {
        Table rest = new Table("field", "worth");
        record(Objects.requireNonNull(route.request()), "", rest, 0);
        page.append("\n## ").append(route.method()).append(' ').append(route.path());
        page.append("\n\n").append(rest);
      }
    }
    return page.toString();
  }

  private static final String HEAD =
      """
      # Parity

      What of xAI's API is there. Supported: used as documented. Ignored: accepted, without effect,
      and named in `x-jubal-ignored`. Silent: accepted, and there is nothing to miss. Refused: a
      request that asks for it gets an error that names the field. Other fields of REST bodies are
      ignored; of messages there are no others: `conformance/xai/test_descriptors.py` compares every
      message, field, enum value and method that the server reflects with those of the xai-sdk that
      `conformance/xai/requirements.txt` pins.

      ## Methods over gRPC

      """;

  private void messages(Rpc<?, ?> rpc) {
    ProtoMethodDescriptorSupplier schema =
        (ProtoMethodDescriptorSupplier) Objects.requireNonNull(rpc.method().getSchemaDescriptor());
    collect(schema.getMethodDescriptor().getInputType(), asked);
    collect(schema.getMethodDescriptor().getOutputType(), given);
  }

  private static void collect(Descriptor message, Map<String, Descriptor> into) {
    if (message.getFullName().startsWith("google.")
        || into.putIfAbsent(message.getFullName(), message) != null) {
      return;
    }
    for (FieldDescriptor field : message.getFields()) {
      boolean goesOn =
          field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
              && !field.isMapField()
              && FieldTable.of(field) != Field.Support.REFUSED
              && !FieldTable.empty(field);
      if (goesOn) {
        collect(field.getMessageType(), into);
      }
    }
  }

  private static void requestFields(Descriptor message, Table table) {
    for (FieldDescriptor field : message.getFields()) {
      table.row(name(field), number(field), worth(FieldTable.of(field)));
    }
  }

  private static void answerFields(Descriptor message, Table table) {
    for (FieldDescriptor field : message.getFields()) {
      table.row(name(field), number(field), FieldTable.empty(field) ? "always empty" : "filled");
    }
  }

  private static String name(FieldDescriptor field) {
    return "`" + field.getFullName().substring(field.getFile().getPackage().length() + 1) + "`";
  }

  private static String number(FieldDescriptor field) {
    return Integer.toString(field.getNumber());
  }

  private static String worth(Field.Support support) {
    return support == Field.Support.USED ? "supported" : support.name().toLowerCase(Locale.ROOT);
  }

  private static void record(Class<? extends Record> type, String at, Table table, int depth) {
    for (RecordShape.Component component : RecordShape.of(type).components()) {
      Field field = component.rule();
      Field.Support support = field == null ? Field.Support.USED : field.support();
      String name = at + component.name();
      table.row("`" + name + "`", worth(support));
      Optional<Inner> inner = inner(component.type());
      if (inner.isPresent() && depth < DEEPEST) {
        record(inner.get().type, name + inner.get().path, table, depth + 1);
      }
    }
  }

  private record Inner(Class<? extends Record> type, String path) {}

  private static Optional<Inner> inner(Type type) {
    if (type instanceof Class<?> c && c.isRecord()) {
      return Optional.of(new Inner(c.asSubclass(Record.class), "."));
    }
    return type instanceof ParameterizedType p
            && p.getActualTypeArguments().length == 1
            && p.getActualTypeArguments()[0] instanceof Class<?> element
            && element.isRecord()
        ? Optional.of(new Inner(element.asSubclass(Record.class), "[]."))
        : Optional.empty();
  }
}
