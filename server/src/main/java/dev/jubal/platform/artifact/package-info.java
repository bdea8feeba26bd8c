/**
 * Files fetched from elsewhere: pinned by SHA-256, put in place whole or not at all.
 *
 * <p>Owns where an artifact comes from ({@link dev.jubal.platform.artifact.ArtifactRef}), one
 * {@link dev.jubal.platform.artifact.ArtifactSource} per kind of place, and unpacking. Must not
 * know what the files are for. Start reading at {@link dev.jubal.platform.artifact.Artifacts}.
 */
@NullMarked
package dev.jubal.platform.artifact;

import org.jspecify.annotations.NullMarked;
