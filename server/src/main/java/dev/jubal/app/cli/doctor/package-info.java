/**
 * What {@code jubal doctor} looks at, a class for each part of the machine.
 *
 * <p>Owns the checks, what each lack costs and the line that mends it. Changes nothing, but for a
 * port it tries to open. Must not start a server. Start reading at {@link
 * dev.jubal.app.cli.doctor.Examination}.
 */
@NullMarked
package dev.jubal.app.cli.doctor;

import org.jspecify.annotations.NullMarked;
