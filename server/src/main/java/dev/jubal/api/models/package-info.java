/**
 * {@code /v1/models} and the detailed lists by kind: what names there are, what they cost, and what
 * stands behind each now.
 *
 * <p>Owns the wire form of a model. The vendor's published figures stand apart, in {@code
 * published}; everything else is what this server does. Start at {@link ModelsFeature}.
 */
@NullMarked
package dev.jubal.api.models;

import org.jspecify.annotations.NullMarked;
