@NullMarked
package dev.jubal.platform.net;

import org.jspecify.annotations.NullMarked;
