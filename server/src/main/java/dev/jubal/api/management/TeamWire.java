package dev.jubal.api.management;

import dev.jubal.account.keys.Project;
import dev.jubal.account.keys.User;
import dev.jubal.platform.json.CamelCase;
import dev.jubal.platform.json.Field;
import dev.jubal.platform.json.Times;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The records of teams, users and projects. */
final class TeamWire {
  private TeamWire() {}

  /** A team. */
  @CamelCase
  record Team(
      String teamId,
      String name,
      String tier,
      boolean blocked,
      boolean zeroRetention,
      String createTime) {
    static Team of(dev.jubal.account.keys.Team team) {
      return new Team(
          team.id(),
          team.name(),
          team.tier(),
          team.policy().blocked(),
          team.policy().terms().zeroRetention(),
          Times.text(team.created()));
    }
  }

  @CamelCase
  record Teams(List<Team> teams) {}

  @CamelCase
  record NewTeam(
      @Field(value = "1 to 128 printable characters.", required = true) @Nullable String name,
      @Field("Its limits, such as tier-1.") @Nullable String tier) {}

  @CamelCase
  record TeamChange(
      @Field("A new name.") @Nullable String name,
      @Field("Its limits, such as tier-1.") @Nullable String tier,
      @Field("Whether all its keys are refused.") @Nullable Boolean blocked) {}

  /** A user. */
  @CamelCase
  record Person(String userId, String teamId, String name, boolean disabled, String createTime) {
    static Person of(User user) {
      return new Person(
          user.id(), user.teamId(), user.name(), user.disabled(), Times.text(user.created()));
    }
  }

  @CamelCase
  record People(List<Person> users) {}

  @CamelCase
  record NewPerson(
      @Field(value = "1 to 128 printable characters.", required = true) @Nullable String name) {}

  @CamelCase
  record PersonChange(
      @Field("A new name.") @Nullable String name,
      @Field("Whether all keys of the user are refused.") @Nullable Boolean disabled) {}

  /** A project. */
  @CamelCase
  record Part(String projectId, String teamId, String name, String environment, String createTime) {
    static Part of(Project project) {
      return new Part(
          project.id(),
          project.teamId(),
          project.name(),
          project.environment().word(),
          Times.text(project.created()));
    }
  }

  @CamelCase
  record Parts(List<Part> projects) {}

  @CamelCase
  record NewPart(
      @Field(value = "1 to 128 printable characters.", required = true) @Nullable String name,
      @Field(
              value = "What it is for.",
              required = true,
              oneOf = {"dev", "staging", "prod"})
          @Nullable String environment) {}
}
