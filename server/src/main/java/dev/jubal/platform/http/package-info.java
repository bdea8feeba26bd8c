/**
 * HTTP: one port, routes, answers, server-sent events, the one catch.
 *
 * <p>Owns station 1 of a request: bytes to {@link Call}, request ids, body limits, one virtual
 * thread a request. Must not know keys, models or dialects. Start at {@link Listener}, then {@link
 * ErrorBoundary}.
 */
@NullMarked
package dev.jubal.platform.http;

import org.jspecify.annotations.NullMarked;
