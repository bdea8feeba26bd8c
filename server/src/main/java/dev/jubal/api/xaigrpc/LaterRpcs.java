package dev.jubal.api.xaigrpc;

import dev.jubal.platform.grpc.Rpc;
import dev.jubal.platform.grpc.Rpcs;
import dev.jubal.proto.collections.CollectionsGrpc;
import dev.jubal.proto.xai.BatchMgmtGrpc;
import dev.jubal.proto.xai.DocumentsGrpc;
import dev.jubal.proto.xai.FilesGrpc;
import dev.jubal.proto.xai.ImageGrpc;
import dev.jubal.proto.xai.VideoGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import java.util.ArrayList;
import java.util.List;

/** Services that are known and not part of this version. */
final class LaterRpcs {
  private LaterRpcs() {}

  static void register(Rpcs rpcs) {
    later(rpcs, FilesGrpc.getServiceDescriptor(), "Files");
    later(rpcs, ImageGrpc.getServiceDescriptor(), "Made pictures");
    later(rpcs, VideoGrpc.getServiceDescriptor(), "Videos");
    later(rpcs, BatchMgmtGrpc.getServiceDescriptor(), "Batches");
    later(rpcs, DocumentsGrpc.getServiceDescriptor(), "Searches in documents");
    later(rpcs, CollectionsGrpc.getServiceDescriptor(), "Collections");
  }

  private static void later(Rpcs rpcs, ServiceDescriptor service, String what) {
    List<Rpc<?, ?>> methods = new ArrayList<>();
    for (MethodDescriptor<?, ?> method : service.getMethods()) {
      methods.add(Rpc.later(method, what));
    }
    rpcs.add(service, methods);
  }
}
