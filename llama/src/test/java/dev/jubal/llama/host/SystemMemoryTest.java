package dev.jubal.llama.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SystemMemoryTest {
  private static final long GIB = 1L << 30;

  @TempDir Path root;

  @BeforeEach
  void aMachineOf16GibWith10Available() throws IOException {
    write("proc/meminfo", "MemTotal:  16777216 kB\nMemFree: 1024 kB\nMemAvailable: 10485760 kB\n");
  }

  @Test
  void takesTheKernelsFigures() {
    assertEquals(new Memory(16 * GIB, 10 * GIB), SystemMemory.now(root));
  }

  @Test
  void aLimitOfAGroupAboveBinds() throws IOException {
    write("proc/self/cgroup", "0::/system.slice/jubal.service\n");
    write("sys/fs/cgroup/system.slice/memory.max", 4 * GIB + "\n");
    write("sys/fs/cgroup/system.slice/memory.current", 3 * GIB + "\n");
    write("sys/fs/cgroup/system.slice/memory.stat", "anon 5\ninactive_file " + GIB + "\n");
    write("sys/fs/cgroup/system.slice/jubal.service/memory.max", "max\n");
    write("sys/fs/cgroup/system.slice/jubal.service/memory.current", "7\n");
    assertEquals(new Memory(4 * GIB, 2 * GIB), SystemMemory.now(root));
  }

  @Test
  void aContainerSeesItsOwnGroupAtTheTop() throws IOException {
    write("sys/fs/cgroup/memory.max", 2 * GIB + "\n");
    write("sys/fs/cgroup/memory.current", GIB + "\n");
    for (String path : List.of("/docker/abc", "/../../elsewhere", "/")) {
      write("proc/self/cgroup", "0::" + path + "\n");
      assertEquals(new Memory(2 * GIB, GIB), SystemMemory.now(root), path);
    }
  }

  @Test
  void knowsTheFirstVersionOfGroups() throws IOException {
    write("proc/self/cgroup", "5:cpu,memory:/a\n1:name=systemd:/b\n");
    write("sys/fs/cgroup/memory/a/memory.limit_in_bytes", 3 * GIB + "\n");
    write("sys/fs/cgroup/memory/a/memory.usage_in_bytes", GIB + "\n");
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    assertEquals(new Memory(3 * GIB, 2 * GIB), SystemMemory.now(root));
  }

  @Test
  void thisMachineHasMemory() {
    Memory memory = Memory.Gauge.system().now();
    assertTrue(memory.availableBytes() > 0 && memory.availableBytes() <= memory.totalBytes());
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
