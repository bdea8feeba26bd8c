package dev.jubal.backend.llama.models;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes of GGUF files with one tensor. */
final class TinyGguf {
  static final String CHAT_ML =
      "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content']"
          + " + '<|im_end|>' + '\\n'}}{% endfor %}{% if add_generation_prompt %}"
          + "{{ '<|im_start|>assistant\\n' }}{% endif %}";

  private TinyGguf() {}

  /** A model with a template and, where it has several parts, their number. */
  static byte[] model(String template, int parts) {
    ByteBuffer file = ByteBuffer.allocate(8192).order(ByteOrder.LITTLE_ENDIAN);
    file.putInt(0x46554747).putInt(3).putLong(1).putLong(6);
    text(file, "general.architecture").putInt(8);
    text(file, "llama");
    text(file, "general.license").putInt(8);
    text(file, "apache-2.0");
    text(file, "llama.context_length").putInt(4).putInt(2048);
    text(file, "general.file_type").putInt(4).putInt(7);
    text(file, "split.count").putInt(4).putInt(parts);
    text(file, "tokenizer.chat_template").putInt(8);
    text(file, template);
    text(file, "a").putInt(1).putLong(64).putInt(0).putLong(0);
    int data = (file.position() + 31) / 32 * 32;
    return Arrays.copyOf(file.array(), data + 256);
  }

  private static ByteBuffer text(ByteBuffer file, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return file.putLong(bytes.length).put(bytes);
  }
}
