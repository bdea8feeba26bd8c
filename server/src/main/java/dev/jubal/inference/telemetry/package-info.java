/**
 * What traces say of requests for models, by OpenTelemetry's conventions for generative AI.
 *
 * <p>Owns {@link dev.jubal.inference.telemetry.GenAi}. Knows no dialect and no backend, and never
 * what was asked or answered.
 */
@NullMarked
package dev.jubal.inference.telemetry;

import org.jspecify.annotations.NullMarked;
