package dev.jubal.inference;

/**
 * For whom a backend works: its queue goes round by team, then key, then end user.
 *
 * @param user the client's own end user, empty when unsaid
 * @param weight how many turns the team gets for each one of a team of weight 1, 1 to 1000
 * @param background whether it gives way to every request that is not
 */
public record Requester(String team, String key, String user, int weight, boolean background) {}
