package dev.jubal.platform.sql;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * Keeps SQLite's native library in the data folder.
 *
 * <p>The driver would unpack it into the temporary folder at each start, compare it, and leave it
 * there when killed: a fifth of the start-up time. Only a folder that nobody else can write to is
 * used, or somebody could put a library of his own there.
 */
final class NativeLibrary {
  private static final Logger log = LoggerFactory.getLogger(NativeLibrary.class);
  private static final String PATH = "org.sqlite.lib.path";

  private NativeLibrary() {}

  /** Tells the driver where its library is, unless somebody has; the first folder wins. */
  static void unpackTo(Path folder) {
    if (System.getProperty(PATH) != null) {
      return;
    }
    String name = LibraryLoaderUtil.getNativeLibName();
    URL packed =
        NativeLibrary.class.getResource(LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name);
    if (packed == null) {
      return; // the driver says better what it has for which platform
    }
    if (!onlyOursToWrite(folder)) {
      return; // the driver's way is slower, not worse
    }
    Path home = folder.resolve("sqlite").resolve(SQLiteJDBCLoader.getVersion());
    try {
      unpack(packed, home, home.resolve(name));
      System.setProperty(PATH, home.toString());
    } catch (IOException e) {
      log.warn("SQLite's library is unpacked into the temporary folder, as {} failed", home, e);
    }
  }

  private static boolean onlyOursToWrite(Path folder) {
    try {
      Set<PosixFilePermission> mode = Files.getPosixFilePermissions(folder);
      UserPrincipal me =
          folder
              .getFileSystem()
              .getUserPrincipalLookupService()
              .lookupPrincipalByName(System.getProperty("user.name", ""));
      return Files.getOwner(folder).equals(me)
          && !mode.contains(PosixFilePermission.GROUP_WRITE)
          && !mode.contains(PosixFilePermission.OTHERS_WRITE);
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  private static void unpack(URL packed, Path home, Path library) throws IOException {
    URLConnection connection = packed.openConnection();
    try (InputStream bytes = connection.getInputStream()) {
      if (Files.exists(library) && Files.size(library) == connection.getContentLengthLong()) {
        return;
      }
      Files.createDirectories(home);
      Path part = Files.createTempFile(home, "part", ""); // owner only
      try (OutputStream out = Files.newOutputStream(part)) {
        bytes.transferTo(out);
      }
      Files.move(part, library, StandardCopyOption.ATOMIC_MOVE);
    }
  }
}
