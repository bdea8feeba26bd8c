"""Pictures in chat and responses: looked at, counted, and refused by the field that held them."""

import base64
import struct
import zlib

import openai
import pytest


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, animated: bool = False) -> str:
    """A blue PNG as a data URL."""
    rows = (b"\x00" + b"\x20\x50\xd0" * width) * height
    data = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + (chunk(b"acTL", struct.pack(">II", 2, 0)) if animated else b"")
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
    return "data:image/png;base64," + base64.b64encode(data).decode()


def asked(url, **detail):
    return [
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "Which colour is it?"},
                {"type": "image_url", "image_url": {"url": url, **detail}},
            ],
        }
    ]


@pytest.mark.parametrize(
    ("size", "detail", "tokens"),
    [((40, 20), "auto", 512), ((900, 20), "high", 1024), ((900, 20), "low", 256)],
)
def test_a_picture_is_counted_in_tiles(client, server, size, detail, tokens):
    answer = client.chat.completions.create(
        model=server.model, messages=asked(png(*size), detail=detail), max_tokens=8
    )
    details = answer.usage.prompt_tokens_details.model_dump()
    assert details["image_tokens"] == tokens
    assert answer.usage.prompt_tokens == details["text_tokens"] + tokens
    assert answer.choices[0].message.content


def test_a_picture_can_be_streamed_about(client, server):
    chunks = list(
        client.chat.completions.create(
            model=server.model, messages=asked(png(8, 8)), max_tokens=8, stream=True
        )
    )
    assert "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)


def test_responses_take_pictures(client, server):
    answer = client.responses.create(
        model=server.model,
        store=False,
        max_output_tokens=16,
        input=[
            {
                "role": "user",
                "content": [
                    {"type": "input_text", "text": "Which colour is it?"},
                    {"type": "input_image", "image_url": png(8, 8), "detail": "low"},
                ],
            }
        ],
    )
    assert answer.usage.input_tokens > 256


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("data:image/png;base64,AAAA", "no known format"),
        ("data:image/png;base64,!", "base64"),
        (png(8, 8, animated=True), "animated"),
        ("http://127.0.0.1:8080/a.png", "public"),
        ("http://169.254.169.254/latest/meta-data/", "public"),
        ("http://[::ffff:10.0.0.1]/a.png", "public"),
        ("file:///etc/passwd", "scheme"),
    ],
)
def test_a_bad_picture_is_named(client, server, url, said):
    with pytest.raises(openai.BadRequestError) as e:
        client.chat.completions.create(model=server.model, messages=asked(url), max_tokens=8)
    assert e.value.param == "messages[0].content[1].image_url.url"
    assert said in e.value.message


def test_a_file_is_not_there_yet(client, server):
    with pytest.raises(openai.BadRequestError) as e:
        client.responses.create(
            model=server.model,
            input=[{"role": "user", "content": [{"type": "input_image", "file_id": "file-1"}]}],
        )
    assert e.value.param == "input[0].content[0].file_id"
