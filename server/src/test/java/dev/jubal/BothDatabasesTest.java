package dev.jubal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.jubal.platform.sql.Session;
import dev.jubal.testing.Stores;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.EnumSource;

/** No compiler reads SQL: each class that holds some is run on both databases by a test. */
final class BothDatabasesTest {
  /** Classes that such a test does not name, each with the test that reaches it through others. */
  private static final Map<String, String> REACHED =
      Map.ofEntries(
          Map.entry("account.alert.AlertBook", "app.AlertTest"),
          Map.entry("account.alert.AlertDelivery", "app.AlertTest"),
          Map.entry("account.alert.AlertStore", "app.AlertTest"),
          Map.entry("account.budget.MonthlyCredits", "account.budget.BudgetsTest"),
          Map.entry("account.budget.PlanHistory", "account.budget.BillingSumsTest"),
          Map.entry("account.budget.Spending", "account.budget.BudgetsTest"),
          Map.entry("account.keys.KeyRows", "account.keys.KeyStoreTest"),
          Map.entry("account.lease.Leases", "account.budget.BudgetsTest"),
          Map.entry("account.ledger.MoreCheck", "account.ledger.LedgerCheckTest"),
          Map.entry("account.ledger.Recovery", "account.ledger.SqlLedgerTest"),
          Map.entry("account.limits.LedgerPast", "account.limits.LimitsRestartTest"),
          Map.entry("inference.webhook.Webhooks", "app.WebhookTest"),
          Map.entry("inference.work.EventLog", "app.ResumableTest"),
          Map.entry("inference.work.WorkStore", "app.DeferredTest"),
          Map.entry("platform.jobs.Jobs", "app.DeferredTest"),
          Map.entry("platform.nodes.Fence", "account.ledger.SqlLedgerTest"),
          Map.entry("platform.nodes.Nodes", "app.DeferredTest"));

  private static JavaClasses classes(ImportOption which) {
    return new ClassFileImporter().withImportOption(which).importPackages("dev.jubal");
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(BothDatabasesTest::outermost).orElse(type);
  }

  private static String name(JavaClass type) {
    return outermost(type).getName().substring("dev.jubal.".length());
  }

  private static boolean speaksSql(JavaClass type) {
    return !type.getPackageName().equals(Session.class.getPackageName())
        && type.getMethodCallsFromSelf().stream()
            .anyMatch(c -> c.getTargetOwner().isEquivalentTo(Session.class));
  }

  private static boolean onBoth(JavaClass test) {
    return uses(test, Stores.class) && uses(test, EnumSource.class);
  }

  private static boolean uses(JavaClass type, Class<?> used) {
    return type.getDirectDependenciesFromSelf().stream()
        .anyMatch(d -> d.getTargetClass().isEquivalentTo(used));
  }

  @Test
  void whateverSpeaksSqlIsRunOnBoth() {
    Set<String> unnamed =
        classes(new ImportOption.DoNotIncludeTests()).stream()
            .filter(BothDatabasesTest::speaksSql)
            .map(BothDatabasesTest::name)
            .collect(Collectors.toCollection(TreeSet::new));
    JavaClasses tests = classes(new ImportOption.OnlyIncludeTests());
    tests.stream()
        .filter(test -> onBoth(outermost(test)))
        .flatMap(test -> test.getDirectDependenciesFromSelf().stream())
        .filter(d -> d.getTargetClass().getPackageName().startsWith("dev.jubal."))
        .forEach(d -> unnamed.remove(name(d.getTargetClass())));
    assertEquals(new TreeSet<>(REACHED.keySet()), unnamed, "of REACHED, and what is there");
    Set<String> onOne = new TreeSet<>(REACHED.values());
    tests.stream().filter(BothDatabasesTest::onBoth).forEach(test -> onOne.remove(name(test)));
    assertEquals(Set.of(), onOne, "tests on one database alone, or none");
  }
}
