"""What the server says of itself by reflection, field by field against the installed xai-sdk.

A field that the SDK has and the server does not (or of another number, type, label or presence)
is drift: a newer SDK shows here first.
"""

import grpc
import pytest
from google.protobuf import descriptor_pb2
from grpc_reflection.v1alpha import reflection_pb2
from xai_sdk.proto import (
    auth_pb2,
    batch_pb2,
    chat_pb2,
    collections_pb2,
    deferred_pb2,
    documents_pb2,
    embed_pb2,
    files_pb2,
    image_pb2,
    models_pb2,
    sample_pb2,
    shared_pb2,
    tokenize_pb2,
    types_pb2,
    usage_pb2,
    video_pb2,
)

SDK = [
    auth_pb2,
    batch_pb2,
    chat_pb2,
    collections_pb2,
    deferred_pb2,
    documents_pb2,
    embed_pb2,
    files_pb2,
    image_pb2,
    models_pb2,
    sample_pb2,
    shared_pb2,
    tokenize_pb2,
    types_pb2,
    usage_pb2,
    video_pb2,
]


def facts(file: descriptor_pb2.FileDescriptorProto) -> dict[str, str]:
    """Everything in a file that clients can see, by name."""
    found: dict[str, str] = {}

    def enum(at: str, e):
        for value in e.value:
            found[f"{at}.{e.name}::{value.name}"] = str(value.number)

    def message(at: str, m):
        name = f"{at}.{m.name}"
        found[name] = "message"
        for f in m.field:
            oneof = ""
            if f.HasField("oneof_index") and not f.proto3_optional:
                oneof = m.oneof_decl[f.oneof_index].name
            found[f"{name}.{f.name}"] = (
                f"{f.number} {f.type} {f.type_name} label {f.label} oneof {oneof!r}"
                f" optional {f.proto3_optional} deprecated {f.options.deprecated}"
            )
        for e in m.enum_type:
            enum(name, e)
        for nested in m.nested_type:
            message(name, nested)

    for e in file.enum_type:
        enum(file.package, e)
    for m in file.message_type:
        message(file.package, m)
    for s in file.service:
        for method in s.method:
            found[f"{file.package}.{s.name}/{method.name}"] = (
                f"{method.client_streaming} {method.input_type} -> {method.server_streaming}"
                f" {method.output_type}"
            )
    return found


@pytest.fixture(scope="session")
def reflected(host):
    """Files by name, asked for over the wire."""
    channel = grpc.insecure_channel(host)
    # the server speaks the protocol's v1; its messages are those of v1alpha
    call = channel.stream_stream(
        "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
        request_serializer=reflection_pb2.ServerReflectionRequest.SerializeToString,
        response_deserializer=reflection_pb2.ServerReflectionResponse.FromString,
    )
    files: dict[str, descriptor_pb2.FileDescriptorProto] = {}

    def ask(name: str) -> None:
        request = reflection_pb2.ServerReflectionRequest(file_by_filename=name)
        for answer in call(iter([request]), timeout=60):
            for raw in answer.file_descriptor_response.file_descriptor_proto:
                file = descriptor_pb2.FileDescriptorProto.FromString(raw)
                files[file.name] = file

    yield lambda name: (name in files or ask(name), files.get(name))[1]
    channel.close()


@pytest.mark.parametrize("module", SDK, ids=lambda m: m.DESCRIPTOR.name)
def test_fields_are_those_of_the_sdk(module, reflected):
    wanted = descriptor_pb2.FileDescriptorProto()
    module.DESCRIPTOR.CopyToProto(wanted)
    served = reflected(wanted.name)
    assert served is not None, f"the server does not know {wanted.name}"
    assert facts(served) == facts(wanted)
