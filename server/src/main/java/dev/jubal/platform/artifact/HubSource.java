package dev.jubal.platform.artifact;

import dev.jubal.platform.artifact.ArtifactException.Kind;
import dev.jubal.platform.config.Secret;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code hf:owner/repo[@revision]/file}: a file of a Hugging Face hub.
 *
 * <p>The hub says what the file hashes to, in the headers of its answer to HEAD, before any
 * redirect to a storage host; the download is of that very commit and is checked against that hash.
 */
final class HubSource implements ArtifactSource {
  private static final Pattern FORM =
      Pattern.compile("([\\w.-]+)/([\\w.-]+)(?:@([\\w./-]+?))?/((?:.*/)?[^/]+)");

  private final HttpDownload download;
  private final String hub;
  private final Optional<Secret> token;

  HubSource(HttpDownload download, String hub, Optional<Secret> token) {
    this.download = download;
    this.hub = hub.endsWith("/") ? hub.substring(0, hub.length() - 1) : hub;
    this.token = token;
  }

  @Override
  public boolean local() {
    return false;
  }

  /** What the hub says of a file. */
  private record Said(String commit, Sha256 sha256) {}

  @Override
  public Sha256 fetch(ArtifactRef ref, Path target, Progress progress) {
    Matcher m = FORM.matcher(ref.location());
    if (!m.matches()) {
      throw new ArtifactException(Kind.REFUSED, ref + " (expected: hf:OWNER/REPO/FILE).");
    }
    String repo = "/" + m.group(1) + "/" + m.group(2);
    String revision = Optional.ofNullable(m.group(3)).orElse("main");
    Said said = ask(ref, address(repo, revision, m.group(4)));
    if (ref.sha256().isPresent() && !ref.sha256().get().equals(said.sha256)) {
      throw new ArtifactException(
          Kind.WRONG_HASH,
          ref
              + ": the hub holds sha256 "
              + said.sha256
              + " (expected: "
              + ref.sha256().get()
              + "). Nothing was downloaded.");
    }
    URI address = address(repo, said.commit.isEmpty() ? revision : said.commit, m.group(4));
    return download.fetch(
        new HttpDownload.Wanted(
            ref.toString(),
            address,
            token,
            Optional.of(said.sha256.hex()),
            Optional.of(said.sha256)),
        target,
        progress);
  }

  private URI address(String repo, String revision, String file) {
    try {
      String path =
          new URI(null, null, repo + "/resolve/" + revision + "/" + file, null).getRawPath();
      return URI.create(hub + path);
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw new ArtifactException(
          Kind.REFUSED, "HF_ENDPOINT " + hub + " (expected: an https address).", e);
    }
  }

  private Said ask(ArtifactRef ref, URI address) {
    try {
      // Not to the storage host: its answer lacks the hub's hash.
      HttpURLConnection head =
          download.opener().open(new HttpOpener.Ask("HEAD", address, Map.of(), token, false));
      try {
        int status = head.getResponseCode();
        if (status >= 400) {
          throw HttpDownload.refused(
              new HttpDownload.Wanted(
                  ref.toString(), address, token, Optional.empty(), Optional.empty()),
              status,
              head);
        }
        return new Said(
            Optional.ofNullable(head.getHeaderField("X-Repo-Commit")).orElse(""), hash(ref, head));
      } finally {
        head.disconnect();
      }
    } catch (IOException e) {
      throw new ArtifactException(
          Kind.BROKEN,
          ref
              + ": "
              + address.getHost()
              + " did not answer ("
              + Staging.reason(e)
              + "). Nothing was installed.",
          e);
    }
  }

  /** A file in large-file storage is named by its SHA-256; others by a git id, which is SHA-1. */
  private static Sha256 hash(ArtifactRef ref, HttpURLConnection head) {
    String tag =
        Optional.ofNullable(head.getHeaderField("X-Linked-Etag"))
            .or(() -> Optional.ofNullable(head.getHeaderField("ETag")))
            .orElse("")
            .replaceFirst("^W/", "")
            .replace("\"", "");
    if (Sha256.is(tag)) {
      return new Sha256(tag);
    }
    return ref.sha256()
        .orElseThrow(
            () ->
                new ArtifactException(
                    Kind.REFUSED,
                    ref
                        + ": the hub names no SHA-256 for it, its tag is \""
                        + tag
                        + "\" (expected: a file in its large-file storage, or a hash by"
                        + " --sha256)."));
  }
}
