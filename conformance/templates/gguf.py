"""The chat templates in the head of a GGUF file."""

import struct

SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
STRING = 8
ARRAY = 9


def templates(stem, file):
    """Their texts, by names made from the file's."""
    magic, version, _tensors, entries = struct.unpack("<4sIQQ", file.read(24))
    if magic != b"GGUF" or version < 2:
        return {}
    found = {}
    for _ in range(entries):
        key = text(file)
        (kind,) = struct.unpack("<I", file.read(4))
        value = read(file, kind)
        if key.startswith("tokenizer.chat_template") and isinstance(value, str):
            suffix = key.removeprefix("tokenizer.chat_template").replace(".", "-")
            found[f"gguf-{stem}{suffix}.jinja"] = value
    return found


def text(file):
    (length,) = struct.unpack("<Q", file.read(8))
    return file.read(length).decode("utf-8", "replace")


def read(file, kind):
    if kind == STRING:
        return text(file)
    if kind != ARRAY:
        file.read(SIZES[kind])
        return None
    inner, count = struct.unpack("<IQ", file.read(12))
    if inner == STRING:
        for _ in range(count):
            text(file)
    else:
        file.read(SIZES[inner] * count)
    return None
