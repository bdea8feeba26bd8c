package dev.jubal.backend.llama.models;

import dev.jubal.platform.artifact.ArtifactException;
import dev.jubal.platform.artifact.ArtifactException.Kind;
import dev.jubal.platform.artifact.Artifacts;
import dev.jubal.platform.artifact.Progress;
import dev.jubal.platform.artifact.Staging;
import dev.jubal.platform.artifact.Unpack;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The native libraries of a data folder: {@code engine/<package>-<version>/}. */
public final class NativeLibraries {
  private final Path folder;
  private final Pins pins;
  private final Machine machine;

  public NativeLibraries(Path dataDir) {
    this(dataDir, Pins.load(), Machine.here());
  }

  NativeLibraries(Path dataDir, Pins pins, Machine machine) {
    this.folder = dataDir.resolve("engine");
    this.pins = pins;
    this.machine = machine;
  }

  /**
   * The folder of the library for a device, if it is installed.
   *
   * @param device auto, cpu, cuda, vulkan or metal
   * @throws ArtifactException where no package of this version fits the machine
   */
  public Optional<Path> installed(String device) {
    return Optional.of(place(pin(device))).filter(Files::isDirectory);
  }

  /** What {@link #installed} needs, for a message. */
  String source(String device) {
    return pin(device).ref();
  }

  /** Installs the library for a device, if it is not there yet, and returns its folder. */
  Path install(String device, Artifacts artifacts, Progress progress) {
    Pins.Library pin = pin(device);
    Path place = place(pin);
    if (Files.isDirectory(place)) {
      return place;
    }
    Path archive = folder.resolve(pin.installedAs() + ".tgz");
    artifacts.fetch(pin.artifact(), archive, progress);
    try {
      Unpack.tarFolder(archive, pin.folder(), place);
    } finally {
      Staging.delete(archive);
    }
    return place;
  }

  private Path place(Pins.Library pin) {
    return folder.resolve(pin.installedAs());
  }

  private Pins.Library pin(String device) {
    for (String wanted : machine.devices(device)) {
      for (Pins.Library pin : pins.libraries()) {
        if (pin.system().equals(machine.system())
            && pin.arch().equals(machine.arch())
            && pin.device().equals(wanted)) {
          return pin;
        }
      }
    }
    throw new ArtifactException(
        Kind.UNAVAILABLE,
        "engine.device "
            + device
            + ": this version pins no native library for it on "
            + machine.system()
            + " "
            + machine.arch()
            + " (expected: engine.library with the folder of an own libllama 0.5.0, or one of "
            + pins.libraries().stream()
                .map(p -> p.system() + " " + p.arch() + " " + p.device())
                .toList()
            + ").");
  }
}
