/**
 * What bounds a connection before there is a request: time for a head, time and memory for a body,
 * and what HTTP/2 lets a client do to one connection. Knows no route and no key.
 */
@NullMarked
package dev.jubal.platform.http.edge;

import org.jspecify.annotations.NullMarked;
