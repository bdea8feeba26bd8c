/**
 * {@code POST /v1/tokenize-text}: a text as the tokens of a model. Free of charge, and so without a
 * row in the ledger.
 *
 * <p>Knows no tokenizer: the backend of the model has it. Start at {@link TokenizeFeature}.
 */
@NullMarked
package dev.jubal.api.tokenize;

import org.jspecify.annotations.NullMarked;
