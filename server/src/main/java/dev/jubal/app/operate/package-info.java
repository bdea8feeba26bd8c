/**
 * What an operator set, as one YAML file: exported, compared, and applied in one transaction.
 *
 * <p>Owns the file's form and how each part of it becomes rows; the rows and their rules belong to
 * the stores of {@code account} and {@code inference}. Nothing of it is read at request time. Start
 * at {@link dev.jubal.app.operate.OperatedState}.
 */
@NullMarked
package dev.jubal.app.operate;

import org.jspecify.annotations.NullMarked;
