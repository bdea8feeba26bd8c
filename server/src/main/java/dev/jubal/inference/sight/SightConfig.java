package dev.jubal.inference.sight;

import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.config.Key;
import java.time.Duration;
import java.util.regex.Pattern;

/** Start-up configuration of image understanding. */
public record SightConfig(
    @Key(value = "16", doc = "Most pictures of one request, those of earlier turns among them.")
        int mostPictures,
    @Key(
            value = "tesseract",
            doc = "Program that reads the text of pictures, by name or path; off reads none.")
        String ocr,
    @Key(
            value = "eng",
            doc = "Languages of the text in pictures, as tesseract names them: eng+deu.")
        String ocrLanguages,
    @Key(value = "10s", doc = "Longest time to read the text of one picture.")
        Duration ocrTimeout) {
  private static final Pattern LANGUAGES = Pattern.compile("[A-Za-z_]{1,32}(\\+[A-Za-z_]{1,32})*");

  public static final SightConfig STANDARD =
      new SightConfig(16, "tesseract", "eng", Duration.ofSeconds(10));

  public SightConfig {
    if (mostPictures < 0) {
      throw new ConfigException("sight.most-pictures: " + mostPictures + " (expected: 0 or more).");
    }
    if (!LANGUAGES.matcher(ocrLanguages).matches()) {
      throw new ConfigException(
          "sight.ocr-languages: \"" + ocrLanguages + "\" (expected: such as eng or eng+deu).");
    }
  }
}
