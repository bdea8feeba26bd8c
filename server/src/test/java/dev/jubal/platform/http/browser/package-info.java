@NullMarked
package dev.jubal.platform.http.browser;

import org.jspecify.annotations.NullMarked;
