package dev.jubal.platform.grpc;

import dev.jubal.platform.config.Key;

/** Start-up configuration of gRPC; its port and certificate are those of HTTP. */
public record GrpcConfig(
    @Key(value = "20971520", doc = "Largest message in bytes, each way.") int messageLimit) {}
