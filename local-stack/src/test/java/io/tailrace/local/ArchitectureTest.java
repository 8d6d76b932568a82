package io.tailrace.local;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private final JavaClasses ours = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.tailrace.local");

    @Test
    void featuresAreFreeOfCycles() {
        slices().matching("io.tailrace.local.(*)..").should().beFreeOfCycles().check(ours);
    }

    @Test
    void onlyTheBrokersOwnProcessTouchesKafkasServer() {
        noClasses()
                .that()
                .doNotHaveSimpleName("BrokerMain")
                .and()
                .doNotHaveSimpleName("CombinedServer")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("kafka..", "scala..")
                .check(ours);
    }

    @Test
    void processesKnowNothingOfKafka() {
        noClasses()
                .that()
                .resideInAPackage("..process..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "kafka..")
                .check(ours);
    }

    @Test
    void nothingSleeps() {
        noClasses().should().callMethod(Thread.class, "sleep", long.class).check(ours);
    }

    @Test
    void testcontainersIsKnownInOnePlace() {
        noClasses()
                .that()
                .haveSimpleNameNotStartingWith("ContainerBroker")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.testcontainers..")
                .check(ours);
    }
}
