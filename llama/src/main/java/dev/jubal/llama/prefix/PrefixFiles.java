package dev.jubal.llama.prefix;

import dev.jubal.llama.EngineOptions;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The prefixes of one engine on disk. Used by one thread, but for the writing, which has its own.
 *
 * <p>A file is a head (magic, fingerprint of the engine, how often the prefix was used, tokens),
 * the bytes of the sequence's memory, and a checksum over all of it. It is written beside its place
 * and moved there, so it is whole or absent. What is damaged, or made by another model, library or
 * size of context, is passed over, named in the log, and deleted.
 */
public final class PrefixFiles {
  /** Most bytes of all files of an engine. */
  static final long MOST_BYTES = 512L << 20;

  /** Most bytes of the memory of one sequence. */
  public static final long MOST_STATE = MOST_BYTES / 2;

  private static final Logger LOG = LoggerFactory.getLogger(PrefixFiles.class);
  private static final long MAGIC = 0x6a7562616c707831L; // "jubalpx1"
  private static final int PRINT = 32;
  private static final int HEAD = Long.BYTES + PRINT + 2 * Integer.BYTES;
  private static final String SUFFIX = ".prefix";

  private final Path folder;
  private final byte[] fingerprint;
  private final int most;
  private final Set<String> known = new HashSet<>();
  private final AtomicBoolean writing = new AtomicBoolean();

  private PrefixFiles(Path folder, byte[] fingerprint, int most) {
    this.folder = folder;
    this.fingerprint = fingerprint;
    this.most = most;
  }

  /**
   * A prefix and the memory of its sequence.
   *
   * @param returns how often prompts came back for it
   */
  public record Saved(int[] tokens, int returns, MemorySegment state) {}

  /**
   * The files of an engine; empty if none are wanted, or none can be had, which the log tells.
   *
   * @param most how many are kept
   */
  public static Optional<PrefixFiles> open(EngineOptions options, int contextTokens, int most) {
    if (options.prefixes().isEmpty()) {
      return Optional.empty();
    }
    try {
      String model = String.valueOf(options.model().getFileName());
      Path folder = options.prefixes().get().resolve(model);
      Files.createDirectories(folder, onlyOwner("rwx------"));
      return Optional.of(new PrefixFiles(folder, Fingerprint.of(options, contextTokens), most));
    } catch (IOException e) {
      LOG.warn("prefixes are not kept: {}", e.toString());
      return Optional.empty();
    }
  }

  private static FileAttribute<?>[] onlyOwner(String rights) {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights))
        }
        : new FileAttribute<?>[0];
  }

  /**
   * Reads what was kept, the most used first.
   *
   * @param take false for one that could not be used after all
   */
  public void restore(Predicate<Saved> take) {
    int taken = 0;
    for (Path file : newestFirst()) {
      if (taken == most) {
        return;
      }
      try (Arena arena = Arena.ofConfined()) {
        if (take.test(read(file, arena))) {
          known.add(String.valueOf(file.getFileName()));
          taken++;
        } else {
          forget(file, "the library refused it");
        }
      } catch (IOException e) {
        forget(file, String.valueOf(e.getMessage()));
      }
    }
  }

  private List<Path> newestFirst() {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(SUFFIX))
          .sorted(Comparator.comparingLong(PrefixFiles::time).reversed())
          .toList();
    } catch (IOException e) {
      LOG.warn("prefixes cannot be read: {}", e.toString());
      return List.of();
    }
  }

  private static long time(Path file) {
    try {
      return Files.getLastModifiedTime(file).toMillis();
    } catch (IOException e) {
      return 0; // deleted meanwhile
    }
  }

  private static void forget(Path file, String why) {
    LOG.warn("the kept prefix {} is not used: {}", file.getFileName(), why);
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("{} cannot be deleted: {}", file, e.toString());
    }
  }

  private Saved read(Path file, Arena arena) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size < HEAD + Long.BYTES || size > MOST_BYTES) {
        throw new IOException("size: " + size + " bytes");
      }
      ByteBuffer all = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena).asByteBuffer();
      CRC32C sum = new CRC32C();
      sum.update(all.duplicate().limit((int) size - Long.BYTES));
      byte[] print = new byte[PRINT];
      long magic = all.getLong();
      all.get(print);
      int returns = all.getInt();
      int count = all.getInt();
      if (magic != MAGIC || sum.getValue() != all.getLong((int) size - Long.BYTES)) {
        throw new IOException("it is damaged");
      }
      if (!Arrays.equals(print, fingerprint)) {
        throw new IOException("another model, library or size of context made it");
      }
      int[] tokens = new int[count];
      all.asIntBuffer().get(tokens);
      long at = HEAD + (long) count * Integer.BYTES;
      MemorySegment state = MemorySegment.ofBuffer(all.duplicate().clear());
      return new Saved(tokens, returns, state.asSlice(at, size - Long.BYTES - at));
    }
  }

  /** Whether a prefix is worth {@link #save}: not kept yet, and nothing else is being written. */
  public boolean wants(int[] tokens) {
    return !writing.get() && !known.contains(name(tokens));
  }

  /** Keeps a prefix, in a thread of its own; {@code arena} is closed when that is done. */
  public void save(Saved prefix, Arena arena) {
    String name = name(prefix.tokens());
    known.add(name);
    writing.set(true);
    Thread.ofPlatform()
        .name("jubal-prefix")
        .daemon(true)
        .start(
            () -> {
              try (arena) {
                write(prefix, folder.resolve(name));
                shrink();
              } catch (IOException e) {
                LOG.warn("a prefix is not kept: {}", e.toString());
              } finally {
                writing.set(false);
              }
            });
  }

  private static String name(int[] tokens) {
    return HexFormat.of().formatHex(Fingerprint.of(tokens), 0, 16) + SUFFIX;
  }

  private void write(Saved prefix, Path file) throws IOException {
    Path part = folder.resolve(file.getFileName() + ".part");
    Files.deleteIfExists(part);
    ByteBuffer head =
        ByteBuffer.allocate(HEAD + prefix.tokens.length * Integer.BYTES)
            .putLong(MAGIC)
            .put(fingerprint)
            .putInt(prefix.returns)
            .putInt(prefix.tokens.length);
    for (int token : prefix.tokens) {
      head.putInt(token);
    }
    ByteBuffer state = prefix.state.asByteBuffer();
    CRC32C sum = new CRC32C();
    sum.update(head.flip().duplicate());
    sum.update(state.duplicate());
    ByteBuffer tail = ByteBuffer.allocate(Long.BYTES).putLong(sum.getValue()).flip();
    try (FileChannel out =
        FileChannel.open(
            part,
            EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            onlyOwner("rw-------"))) {
      for (ByteBuffer bytes : List.of(head, state, tail)) {
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
      }
      out.force(true);
    }
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Deletes the oldest beyond the bounds. */
  private void shrink() throws IOException {
    long bytes = 0;
    int count = 0;
    for (Path file : newestFirst()) {
      bytes += Files.size(file);
      count++;
      if (count > most || bytes > MOST_BYTES) {
        Files.deleteIfExists(file);
      }
    }
  }
}
