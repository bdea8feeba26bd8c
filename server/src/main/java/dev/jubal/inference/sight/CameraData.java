package dev.jubal.inference.sight;

import com.drew.imaging.tiff.TiffProcessingException;
import com.drew.imaging.tiff.TiffReader;
import com.drew.lang.ByteArrayReader;
import com.drew.lang.RandomAccessReader;
import com.drew.metadata.Directory;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifSubIFDDirectory;
import com.drew.metadata.tiff.DirectoryTiffHandler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a camera wrote into a picture, as far as it is no one's: what took it and how. Neither
 * places nor names nor numbers of devices nor free text; nor makers' notes, which hold them all.
 */
final class CameraData {
  private static final int MOST_CHARACTERS = 40;
  private static final Pattern PLAIN = Pattern.compile("[^\\p{Alnum} .,:/()+\\-]");

  private record Tag(String name, Class<? extends Directory> in, int number) {}

  private static final List<Tag> TAGS =
      List.of(
          new Tag("make", ExifIFD0Directory.class, ExifIFD0Directory.TAG_MAKE),
          new Tag("model", ExifIFD0Directory.class, ExifIFD0Directory.TAG_MODEL),
          new Tag("orientation", ExifIFD0Directory.class, ExifIFD0Directory.TAG_ORIENTATION),
          new Tag("taken", ExifSubIFDDirectory.class, ExifSubIFDDirectory.TAG_DATETIME_ORIGINAL),
          new Tag("exposure", ExifSubIFDDirectory.class, ExifSubIFDDirectory.TAG_EXPOSURE_TIME),
          new Tag("aperture", ExifSubIFDDirectory.class, ExifSubIFDDirectory.TAG_FNUMBER),
          new Tag("ISO", ExifSubIFDDirectory.class, ExifSubIFDDirectory.TAG_ISO_EQUIVALENT),
          new Tag("focal length", ExifSubIFDDirectory.class, ExifSubIFDDirectory.TAG_FOCAL_LENGTH),
          new Tag("flash", ExifSubIFDDirectory.class, ExifSubIFDDirectory.TAG_FLASH));

  private CameraData() {}

  /** Names and values, such as "ISO 200"; none when there is nothing that may be said. */
  static List<String> of(byte @Nullable [] exif) {
    List<String> said = new ArrayList<>();
    if (exif == null) {
      return said;
    }
    Metadata metadata = new Metadata();
    try {
      new TiffReader().processTiff(new ByteArrayReader(exif), new Plain(metadata), 0);
    } catch (TiffProcessingException | IOException | RuntimeException e) {
      return said; // broken data says nothing
    }
    for (Tag tag : TAGS) {
      Directory directory = metadata.getFirstDirectoryOfType(tag.in);
      String value = directory == null ? null : directory.getDescription(tag.number);
      if (value != null && !value.isBlank()) {
        String plain = PLAIN.matcher(value.strip()).replaceAll("?");
        said.add(
            tag.name + " " + plain.substring(0, Math.min(plain.length(), MOST_CHARACTERS)).strip());
      }
    }
    return said;
  }

  /** Reads the two directories and follows nothing else. */
  private static final class Plain extends DirectoryTiffHandler {
    Plain(Metadata metadata) {
      super(metadata, null);
      pushDirectory(ExifIFD0Directory.class);
    }

    @Override
    public void setTiffMarker(int marker) throws TiffProcessingException {
      if (marker != 0x2a) {
        throw new TiffProcessingException("no TIFF");
      }
    }

    @Override
    public boolean tryEnterSubIfd(int tagId) {
      if (tagId != ExifIFD0Directory.TAG_EXIF_SUB_IFD_OFFSET) {
        return false;
      }
      pushDirectory(ExifSubIFDDirectory.class);
      return true;
    }

    @Override
    public boolean hasFollowerIfd() {
      return false;
    }

    @Override
    public @Nullable Long tryCustomProcessFormat(int tagId, int format, long count) {
      return null;
    }

    @Override
    public boolean customProcessTag(
        int tagOffset,
        @Nullable Set<Integer> processed,
        int tiffHeaderOffset,
        RandomAccessReader reader,
        int tagId,
        int byteCount) {
      return !WANTED.contains(tagId);
    }
  }

  private static final Set<Integer> WANTED =
      Set.copyOf(
          TAGS.stream().map(Tag::number).collect(java.util.stream.Collectors.toUnmodifiableSet()));
}
