/** Tests of the port against a real server. */
@NullMarked
package dev.jubal.platform.http;

import org.jspecify.annotations.NullMarked;
