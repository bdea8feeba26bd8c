package dev.jubal.app.cli.doctor;

import dev.jubal.backend.llama.models.NativeProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * All checks of a machine and a data folder.
 *
 * @param root where {@code /proc} and {@code /dev} are looked for
 * @param environment the process environment
 */
public record Examination(Path dataDir, int port, Path root, Map<String, String> environment) {

  /** Runs every check. */
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    findings.add(java(Runtime.version().feature()));
    Engine engine = new Engine(dataDir, new NativeProcess());
    findings.addAll(engine.findings());
    Hardware hardware = new Hardware(root);
    findings.add(hardware.processor());
    findings.add(hardware.memory());
    findings.add(Folder.disk(dataDir));
    MasterKeyFile.check(dataDir, environment).ifPresent(findings::add);
    findings.addAll(new Settings(dataDir, environment).findings());
    findings.add(Ports.check(dataDir, port));
    Tools tools = new Tools(environment, engine.complete());
    findings.addAll(tools.findings());
    return findings;
  }

  static Finding java(int feature) {
    String seen = "Java " + Runtime.version() + " in " + System.getProperty("java.home");
    return feature == 25
        ? Finding.ok("JDK", seen)
        : Finding.warn(
            "JDK",
            seen,
            "Jubal is built and tested on JDK 25; the engine's vector code may not load",
            "set JAVA_HOME to a JDK 25");
  }
}
