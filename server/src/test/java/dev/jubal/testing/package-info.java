/** What tests are made with: a real server on port 0, a clock to set, scripted backends. */
@NullMarked
package dev.jubal.testing;

import org.jspecify.annotations.NullMarked;
