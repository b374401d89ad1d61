package carillon;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The shape of the server: which package may use which, and what only one place may do.
final class ArchitectureTest {
    private static final JavaClasses SERVER =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("carillon");

    /// Packages whose rules are pure: no I/O, threads of their own, logging, JSON or clock.
    private static final String[] PURE_MAY_USE = {"java..", "org.jspecify.."};

    /// What each package may use of the server, besides itself.
    private static final Map<String, String[]> MAY_USE =
            Map.ofEntries(
                    Map.entry("schedule", packages()),
                    Map.entry("action", packages()),
                    Map.entry("workflow", packages("action")),
                    Map.entry("agent", packages()),
                    Map.entry("audit", packages()),
                    Map.entry("graph", packages()),
                    Map.entry("cluster", packages()),
                    Map.entry("event", packages()),
                    Map.entry("idempotency", packages()),
                    Map.entry("prompt", packages()),
                    Map.entry("secret", packages()),
                    Map.entry("importer", packages("json", "schedule", "prompt", "task")),
                    Map.entry("task", packages("schedule", "action")),
                    Map.entry("outbox", packages()),
                    Map.entry(
                            "webhook",
                            packages("event", "outbox", "oneshot", "run", "task", "action", "ai")),
                    Map.entry(
                            "processor",
                            packages("outbox", "prompt", "run", "task", "action", "schedule")),
                    Map.entry(
                            "courier",
                            packages(
                                    "webhook",
                                    "outbox",
                                    "processor",
                                    "response",
                                    "run",
                                    "task",
                                    "json",
                                    "egress",
                                    "perform")),
                    Map.entry("ai", packages("task", "action")),
                    Map.entry("run", packages("task", "schedule", "action", "cluster", "ai")),
                    Map.entry("response", packages("run", "task", "ai")),
                    Map.entry("oneshot", packages("run", "task", "action", "cluster")),
                    Map.entry("quota", packages("ai", "run", "cluster")),
                    Map.entry(
                            "budget",
                            packages("task", "run", "schedule", "action", "cluster", "ai")),
                    Map.entry(
                            "json",
                            packages(
                                    "budget",
                                    "webhook",
                                    "agent",
                                    "run",
                                    "task",
                                    "schedule",
                                    "action",
                                    "ai",
                                    "prompt",
                                    "secret",
                                    "processor",
                                    "outbox")),
                    Map.entry("batch", packages("action", "ai", "json", "prompt", "task", "run")),
                    Map.entry("egress", packages("schedule")),
                    Map.entry(
                            "perform",
                            packages(
                                    "agent",
                                    "run",
                                    "task",
                                    "action",
                                    "ai",
                                    "quota",
                                    "budget",
                                    "schedule",
                                    "json",
                                    "batch",
                                    "cluster",
                                    "oneshot",
                                    "workflow",
                                    "egress",
                                    "prompt")),
                    Map.entry("config", packages("json", "egress", "ai", "agent")),
                    Map.entry(
                            "mcp", packages("perform", "agent", "action", "json", "run", "egress")),
                    Map.entry(
                            "engine",
                            packages("task", "run", "schedule", "action", "cluster", "event")),
                    Map.entry(
                            "store",
                            packages(
                                    "webhook",
                                    "workflow",
                                    "agent",
                                    "task",
                                    "run",
                                    "schedule",
                                    "action",
                                    "cluster",
                                    "event",
                                    "ai",
                                    "audit",
                                    "auth",
                                    "batch",
                                    "budget",
                                    "idempotency",
                                    "secret",
                                    "prompt",
                                    "response",
                                    "quota",
                                    "outbox",
                                    "processor",
                                    "oneshot")),
                    Map.entry("web", packages("json", "audit")),
                    Map.entry("auth", packages("web", "secret")),
                    Map.entry("metrics", packages("run", "task", "action", "web")),
                    Map.entry(
                            "api",
                            packages(
                                    "webhook",
                                    "agent",
                                    "web",
                                    "graph",
                                    "json",
                                    "audit",
                                    "auth",
                                    "batch",
                                    "idempotency",
                                    "task",
                                    "run",
                                    "schedule",
                                    "action",
                                    "cluster",
                                    "ai",
                                    "budget",
                                    "event",
                                    "prompt",
                                    "response",
                                    "quota",
                                    "oneshot",
                                    "outbox",
                                    "processor")),
                    Map.entry(
                            "console",
                            packages(
                                    "web",
                                    "json",
                                    "audit",
                                    "auth",
                                    "task",
                                    "run",
                                    "schedule",
                                    "action",
                                    "cluster",
                                    "event",
                                    "ai",
                                    "response",
                                    "outbox",
                                    "agent",
                                    "batch",
                                    "budget",
                                    "webhook")),
                    Map.entry(
                            "dialect",
                            packages(
                                    "agent",
                                    "workflow",
                                    "event",
                                    "webhook",
                                    "web",
                                    "json",
                                    "task",
                                    "run",
                                    "schedule",
                                    "action",
                                    "cluster",
                                    "perform",
                                    "ai",
                                    "budget",
                                    "batch",
                                    "outbox",
                                    "webhook",
                                    "oneshot",
                                    "response")));

    private static String[] packages(String... names) {
        return Stream.of(names).map(name -> "carillon." + name + "..").toArray(String[]::new);
    }

    @Test
    void the_rules_see_the_whole_server() {
        assertThat(SERVER.size()).isGreaterThan(100); // Or the rules below pass on nothing.
        MAY_USE.keySet().forEach(name -> assertThat(classesIn(name)).as(name).isPositive());
    }

    private static long classesIn(String name) {
        return SERVER.stream()
                .filter(type -> (type.getPackageName() + ".").startsWith("carillon." + name + "."))
                .count();
    }

    @TestFactory
    Stream<DynamicTest> rules() {
        return Stream.of(dependencyTable(), onePlaceRules(), houseRules())
                .flatMap(rules -> rules)
                .map(rule -> dynamicTest(rule.getDescription(), () -> rule.check(SERVER)));
    }

    private static Stream<ArchRule> dependencyTable() {
        return MAY_USE.entrySet().stream()
                .map(
                        entry -> {
                            var own = packages(entry.getKey());
                            var allowed =
                                    Stream.concat(Stream.of(own), Stream.of(entry.getValue()))
                                            .toArray(String[]::new);
                            return noClasses()
                                    .that()
                                    .resideInAnyPackage(own)
                                    .should()
                                    .dependOnClassesThat(
                                            resideInAPackage("carillon..")
                                                    .and(not(resideInAnyPackage(allowed))))
                                    .as(entry.getKey() + " uses only what the table says");
                        });
    }

    private static Stream<ArchRule> houseRules() {
        return Stream.of(
                slices().matching("carillon.(*)..").should().beFreeOfCycles(),
                noClasses()
                        .that()
                        .resideInAnyPackage(
                                packages(
                                        "schedule",
                                        "action",
                                        "workflow",
                                        "task",
                                        "run",
                                        "ai",
                                        "response",
                                        "quota"))
                        .should()
                        .dependOnClassesThat()
                        .resideOutsideOfPackages(
                                Stream.concat(
                                                Stream.of(PURE_MAY_USE),
                                                Stream.of(
                                                        packages(
                                                                "schedule",
                                                                "action",
                                                                "workflow",
                                                                "task",
                                                                "run",
                                                                "ai",
                                                                "cluster",
                                                                "response",
                                                                "quota")))
                                        .toArray(String[]::new))
                        .because("a feature's rules are pure"),
                noClasses()
                        .that()
                        .resideInAPackage("carillon.prompt..")
                        .should()
                        .dependOnClassesThat()
                        .resideOutsideOfPackages(
                                "java..",
                                "org.jspecify..",
                                "carillon.prompt..",
                                "com.samskivert.mustache..",
                                "com.github.difflib..")
                        .because("templates and their comparison are pure too"),
                classes()
                        .that()
                        .haveSimpleNameEndingWith("Exception")
                        .should()
                        .beAssignableTo(RuntimeException.class),
                NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS);
    }

    /// What only one place may do.
    private static Stream<ArchRule> onePlaceRules() {
        return Stream.of(
                noClasses()
                        .that()
                        .resideOutsideOfPackage("carillon.store..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("java.sql..", "javax.sql..", "org.jdbi..")
                        .because("all SQL is in one place"),
                noClasses()
                        .that()
                        .resideOutsideOfPackage("carillon.egress..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "org.apache.hc..", "jakarta.mail..", "org.eclipse.angus..")
                        .because("one package opens outgoing connections"),
                noClasses()
                        .that()
                        .resideOutsideOfPackages("carillon.egress..", "carillon.bench..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("java.net.http..")
                        .because("only a bench has clients of its own server besides"),
                noClasses()
                        .that()
                        .doNotHaveFullyQualifiedName("carillon.Main")
                        .should()
                        .callMethod(Instant.class, "now")
                        .orShould()
                        .callMethod(Clock.class, "systemUTC")
                        .orShould()
                        .callMethod(Clock.class, "systemDefaultZone")
                        .orShould()
                        .callMethod(InstantSource.class, "system")
                        .because("time is handed in"),
                noClasses()
                        .that()
                        .doNotHaveFullyQualifiedName("carillon.engine.Loop")
                        .should()
                        .callMethod(Thread.class, "sleep", Duration.class)
                        .orShould()
                        .callMethod(Thread.class, "sleep", long.class)
                        .because("only Loop waits"),
                noClasses()
                        .that()
                        .resideOutsideOfPackage("carillon.cli..")
                        .and()
                        .doNotHaveFullyQualifiedName("carillon.Main")
                        .should(ACCESS_STANDARD_STREAMS)
                        .because("people are spoken to in one place"));
    }
}
