/**
 * {@code GET /openapi.json}: the description of the whole surface, made from the route table and
 * the wire records themselves, so that it cannot say anything else than the server does.
 *
 * <p>Knows routes and records, no endpoint in particular. Start at {@link OpenApiDocument}.
 */
@NullMarked
package dev.jubal.api.openapi;

import org.jspecify.annotations.NullMarked;
