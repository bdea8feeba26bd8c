@NullMarked
package dev.jubal.account.enduser;

import org.jspecify.annotations.NullMarked;
