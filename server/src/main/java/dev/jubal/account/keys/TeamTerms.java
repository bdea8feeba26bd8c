package dev.jubal.account.keys;

/**
 * What a team agreed with the operator.
 *
 * @param weight how many turns at an engine it gets for each one of a team of weight 1, 1 to 1000
 * @param zeroRetention nothing of what it sends or gets is stored
 * @param keepsPictures pictures are stored with what they came in; else their hash and dimensions
 * @param webhooks it may have addresses called when its work is done
 */
public record TeamTerms(
    int weight, boolean zeroRetention, boolean keepsPictures, boolean webhooks) {
  public static final TeamTerms USUAL = new TeamTerms(1, false, false, false);
}
