@NullMarked
package dev.jubal.api.token;

import org.jspecify.annotations.NullMarked;
