package dev.jubal.app.cli.doctor;

import java.util.List;
import java.util.function.Predicate;

/** The line that installs a tool, by the package manager of the machine. */
enum Install {
  PYTHON("python3 python3-pip python3-venv", "python3 python3-pip", "python python-pip", "python"),
  NODE("nodejs npm", "nodejs npm", "nodejs npm", "node"),
  MAVEN("maven", "maven", "maven", "maven"),
  OCR("tesseract-ocr", "tesseract", "tesseract tesseract-data-eng", "tesseract");

  // The order of the launcher, which says the same before there is a JVM.
  private static final List<String> MANAGERS =
      List.of("apt-get", "dnf", "pacman", "zypper", "brew");

  private final String debian;
  private final String fedora;
  private final String arch;
  private final String mac;

  Install(String debian, String fedora, String arch, String mac) {
    this.debian = debian;
    this.fedora = fedora;
    this.arch = arch;
    this.mac = mac;
  }

  /**
   * The line.
   *
   * @param present whether a package manager is on this machine
   */
  String line(Predicate<String> present) {
    return MANAGERS.stream().filter(present).findFirst().map(this::by).orElse("by hand");
  }

  private String by(String manager) {
    return switch (manager) {
      case "apt-get" -> "sudo apt-get install -y " + debian;
      case "dnf" -> "sudo dnf install -y " + fedora;
      case "pacman" -> "sudo pacman -S " + arch;
      case "zypper" -> "sudo zypper install " + (this == OCR ? debian : fedora);
      default -> "brew install " + mac;
    };
  }
}
