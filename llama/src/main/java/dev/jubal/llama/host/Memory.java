package dev.jubal.llama.host;

/**
 * Memory of the machine, or of the container this process is confined to.
 *
 * @param totalBytes all of it
 * @param availableBytes what can be had now without swapping
 */
public record Memory(long totalBytes, long availableBytes) {

  /** Where the figures come from, asked before each load. */
  @FunctionalInterface
  public interface Gauge {
    Memory now();

    /** The operating system: on Linux the kernel's and the control group's figures. */
    static Gauge system() {
      return SystemMemory::now;
    }

    /** As another gauge, on a machine that has no more than so much in all. */
    static Gauge within(long bytes, Gauge machine) {
      return () -> {
        Memory all = machine.now();
        return new Memory(Math.min(bytes, all.totalBytes()), all.availableBytes());
      };
    }
  }
}
