package dev.jubal.bench.reference;

import dev.jubal.bench.report.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;

/** The circumstances of a comparison, in words. */
record Facts(Setting setting, String version) {

  String text() throws IOException {
    Machine machine = Machine.here();
    String load = Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
    return String.format(
        Locale.ROOT,
        "Measured on %s: %s %s, %d cores (%s), %d GiB, JDK %s; load average before: %s; %d threads;"
            + " %d rounds, medians. The reference: llama-server %s, built for this processor with"
            + " its default options, as many slots as streams.",
        LocalDate.now(ZoneOffset.UTC),
        machine.os(),
        machine.arch(),
        machine.cores(),
        machine.cpu(),
        machine.memoryGib(),
        machine.jdk(),
        load,
        setting.threads(),
        setting.rounds(),
        version.replace("version: ", ""));
  }
}
