/**
 * What browsers need beyond HTTP: which pages of other origins may call, and how a page that opens
 * a WebSocket, which can set no header, says who it is.
 *
 * <p>Knows origins and headers; must not know routes or keys. Start at {@link
 * dev.jubal.platform.http.browser.Cors}.
 */
@NullMarked
package dev.jubal.platform.http.browser;

import org.jspecify.annotations.NullMarked;
