@NullMarked
package dev.jubal.account.token;

import org.jspecify.annotations.NullMarked;
