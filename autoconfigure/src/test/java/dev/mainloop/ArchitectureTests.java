package dev.mainloop;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rooms of the house and the arrows between them.
 */
class ArchitectureTests {

	private static final String LIBC = "dev.mainloop.libc..";

	private static final String FD = "dev.mainloop.fd..";

	private static final String MULTIPLEXER = "dev.mainloop.multiplexer..";

	private static final String LOOP = "dev.mainloop";

	private static final String SCHEDULING = "dev.mainloop.scheduling..";

	private static final String[] OPERATIONS = { "dev.mainloop.health..", "dev.mainloop.metrics..",
			"dev.mainloop.endpoint.." };

	private final JavaClasses classes = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages("dev.mainloop");

	@Test
	void classesShouldBeFound() {
		assertThat(this.classes.contain(MainLoop.class)).isTrue();
		assertThat(this.classes.contain(ArchitectureTests.class)).isFalse();
	}

	@Test
	void arrowsShouldPointDownwards() {
		layeredArchitecture().consideringOnlyDependenciesInLayers()
			.withOptionalLayers(true)
			.layer("libc")
			.definedBy(LIBC)
			.layer("fd")
			.definedBy(FD)
			.layer("multiplexer")
			.definedBy(MULTIPLEXER)
			.layer("loop")
			.definedBy(LOOP)
			.layer("annotation")
			.definedBy("dev.mainloop.annotation..")
			.layer("handler")
			.definedBy("dev.mainloop.handler..")
			.layer("scheduling")
			.definedBy(SCHEDULING)
			.layer("operations")
			.definedBy(OPERATIONS)
			.layer("autoconfigure")
			.definedBy("dev.mainloop.autoconfigure..")
			.layer("test")
			.definedBy("dev.mainloop.test..")
			.whereLayer("libc")
			.mayNotAccessAnyLayer()
			.whereLayer("fd")
			.mayOnlyAccessLayers("libc")
			.whereLayer("multiplexer")
			.mayOnlyAccessLayers("libc", "fd")
			.whereLayer("loop")
			.mayOnlyAccessLayers("libc", "fd", "multiplexer")
			.whereLayer("annotation")
			.mayOnlyAccessLayers("libc", "fd", "multiplexer", "loop")
			.whereLayer("handler")
			.mayOnlyAccessLayers("libc", "fd", "multiplexer", "loop", "annotation")
			.whereLayer("scheduling")
			.mayOnlyAccessLayers("libc", "fd", "multiplexer", "loop")
			.whereLayer("operations")
			.mayOnlyAccessLayers("libc", "fd", "multiplexer", "loop")
			.whereLayer("autoconfigure")
			.mayOnlyBeAccessedByLayers("test")
			.whereLayer("test")
			.mayNotBeAccessedByAnyLayer()
			.check(this.classes);
	}

	@Test
	void everyClassShouldBelongToRoom() {
		classes().should()
			.resideInAnyPackage(LIBC, FD, MULTIPLEXER, LOOP, "dev.mainloop.annotation..", "dev.mainloop.handler..",
					SCHEDULING, "dev.mainloop.autoconfigure..", "dev.mainloop.test..", OPERATIONS[0], OPERATIONS[1],
					OPERATIONS[2])
			.check(this.classes);
	}

	@Test
	void packagesShouldBeFreeOfCycles() {
		SlicesRuleDefinition.slices().assignedFrom(new SliceAssignment() {

			@Override
			public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
				return SliceIdentifier.of(javaClass.getPackageName());
			}

			@Override
			public String getDescription() {
				return "packages";
			}

		}).should().beFreeOfCycles().check(this.classes);
	}

	@Test
	void coreShouldNotDependOnSpring() {
		noClasses().that()
			.resideInAnyPackage(LIBC, FD, MULTIPLEXER, LOOP)
			.should()
			.dependOnClassesThat()
			.resideInAPackage("org.springframework..")
			.check(this.classes);
	}

	@Test
	void nativeCodeShouldBeCalledByLibcOnly() {
		noClasses().that()
			.resideOutsideOfPackage(LIBC)
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("jnr..", "com.kenai..")
			.check(this.classes);
	}

	@Test
	void everyPackageShouldBeNullMarked() {
		classes().should(new ArchCondition<>("be in a package that is @NullMarked") {

			@Override
			public void check(JavaClass javaClass, ConditionEvents events) {
				boolean marked = javaClass.getPackage().isAnnotatedWith(NullMarked.class);
				events.add(new SimpleConditionEvent(javaClass, marked, javaClass.getDescription()));
			}

		}).check(this.classes);
	}

}
