/**
 * What a name costs whom, and since when.
 *
 * <p>Owns {@link Tariff}, by which a request is priced at its admission, the rows of prices that
 * stand beside those of the catalogue, and the correction of bills whose price was wrong. Start at
 * {@link Tariff}.
 */
@NullMarked
package dev.jubal.account.price;

import org.jspecify.annotations.NullMarked;
