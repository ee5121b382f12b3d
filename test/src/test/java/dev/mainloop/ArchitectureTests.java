package dev.mainloop;

import java.net.URL;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.test.TestMainLoop;
import dev.mainloop.testing.LinuxTest;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rooms of the house, the modules that they are in, and the arrows between them.
 */
class ArchitectureTests {

	private static final String LOG = "dev.mainloop.log..";

	private static final String LIBC = "dev.mainloop.libc..";

	private static final String FD = "dev.mainloop.fd..";

	private static final String MULTIPLEXER = "dev.mainloop.multiplexer..";

	private static final String LOOP = "dev.mainloop";

	private static final String FILE = "dev.mainloop.file..";

	private static final String LINE = "dev.mainloop.line..";

	private static final String SOCKET = "dev.mainloop.socket..";

	private static final String WATCH = "dev.mainloop.watch..";

	private static final String PROCESS = "dev.mainloop.process..";

	private static final String SYSTEMD = "dev.mainloop.systemd..";

	private static final String ANNOTATION = "dev.mainloop.annotation..";

	private static final String HANDLER = "dev.mainloop.handler..";

	private static final String SCHEDULING = "dev.mainloop.scheduling..";

	private static final String[] OPERATIONS = { "dev.mainloop.health..", "dev.mainloop.metrics..",
			"dev.mainloop.endpoint..", "dev.mainloop.observation.." };

	private static final String AUTOCONFIGURE = "dev.mainloop.autoconfigure..";

	private static final String TEST = "dev.mainloop.test..";

	private static final String TESTING = "dev.mainloop.testing..";

	private static final URL CORE_MODULE = moduleOf(MainLoop.class);

	private static final URL SPRING_BOOT_MODULE = moduleOf(MainLoopAutoConfiguration.class);

	private static final URL TEST_MODULE = moduleOf(TestMainLoop.class);

	private static final URL TESTING_MODULE = moduleOf(LinuxTest.class);

	private static final JavaClasses all = new ClassFileImporter()
		.importUrls(List.of(CORE_MODULE, SPRING_BOOT_MODULE, TEST_MODULE, TESTING_MODULE));

	private final JavaClasses core = classesIn(CORE_MODULE);

	private final JavaClasses springBoot = classesIn(SPRING_BOOT_MODULE);

	private final JavaClasses test = classesIn(TEST_MODULE);

	private final JavaClasses testing = classesIn(TESTING_MODULE);

	@Test
	void classesShouldBeFound() {
		assertThat(this.core.contain(MainLoop.class)).isTrue();
		assertThat(this.springBoot.contain(MainLoopAutoConfiguration.class)).isTrue();
		assertThat(this.test.contain(TestMainLoop.class)).isTrue();
		assertThat(this.testing.contain(LinuxTest.class)).isTrue();
		assertThat(all).hasSize(this.core.size() + this.springBoot.size() + this.test.size() + this.testing.size());
		assertThat(all.contain(ArchitectureTests.class)).isFalse();
	}

	@Test
	void arrowsShouldPointDownwards() {
		layeredArchitecture().consideringOnlyDependenciesInLayers()
			.withOptionalLayers(true)
			.layer("log")
			.definedBy(LOG)
			.layer("libc")
			.definedBy(LIBC)
			.layer("fd")
			.definedBy(FD)
			.layer("multiplexer")
			.definedBy(MULTIPLEXER)
			.layer("loop")
			.definedBy(LOOP)
			.layer("file")
			.definedBy(FILE)
			.layer("line")
			.definedBy(LINE)
			.layer("socket")
			.definedBy(SOCKET)
			.layer("watch")
			.definedBy(WATCH)
			.layer("process")
			.definedBy(PROCESS)
			.layer("systemd")
			.definedBy(SYSTEMD)
			.layer("annotation")
			.definedBy(ANNOTATION)
			.layer("handler")
			.definedBy(HANDLER)
			.layer("scheduling")
			.definedBy(SCHEDULING)
			.layer("operations")
			.definedBy(OPERATIONS)
			.layer("autoconfigure")
			.definedBy(AUTOCONFIGURE)
			.layer("test")
			.definedBy(TEST)
			.layer("testing")
			.definedBy(TESTING)
			.whereLayer("log")
			.mayNotAccessAnyLayer()
			.whereLayer("libc")
			.mayOnlyAccessLayers("log")
			.whereLayer("fd")
			.mayOnlyAccessLayers("log", "libc")
			.whereLayer("multiplexer")
			.mayOnlyAccessLayers("log", "libc", "fd")
			.whereLayer("loop")
			.mayOnlyAccessLayers("log", "libc", "fd", "multiplexer")
			.whereLayer("file")
			.mayOnlyAccessLayers("log", "libc", "fd", "multiplexer", "loop", "line")
			.whereLayer("socket")
			.mayOnlyAccessLayers("log", "libc", "fd", "multiplexer", "loop", "line")
			.whereLayer("systemd")
			.mayOnlyAccessLayers("log", "libc", "fd", "multiplexer", "loop", "line", "socket")
			.whereLayer("process")
			.mayOnlyAccessLayers("log", "libc", "fd", "multiplexer", "loop", "line")
			.whereLayer("line")
			.mayOnlyAccessLayers("log", "libc", "fd", "multiplexer", "loop")
			.whereLayer("watch")
			.mayOnlyAccessLayers("log", "libc", "fd", "multiplexer", "loop")
			.whereLayer("annotation")
			.mayOnlyAccessLayers("log", "libc", "fd", "multiplexer", "loop", "file", "line", "process", "watch")
			.whereLayer("handler")
			.mayOnlyAccessLayers("log", "libc", "fd", "multiplexer", "loop", "file", "line", "process", "watch",
					"socket", "annotation")
			.whereLayer("scheduling")
			.mayOnlyAccessLayers("log", "libc", "fd", "multiplexer", "loop")
			.whereLayer("operations")
			.mayOnlyAccessLayers("log", "libc", "fd", "multiplexer", "loop", "file", "line", "process", "watch",
					"socket", "annotation", "handler")
			.whereLayer("autoconfigure")
			.mayOnlyBeAccessedByLayers("test")
			.whereLayer("test")
			.mayNotBeAccessedByAnyLayer()
			.whereLayer("testing")
			.mayNotAccessAnyLayer()
			.whereLayer("testing")
			.mayNotBeAccessedByAnyLayer()
			.check(all);
	}

	@Test
	void everyRoomShouldBeInItsModule() {
		classes().should()
			.resideInAnyPackage(LOG, LIBC, FD, MULTIPLEXER, LOOP, FILE, LINE, PROCESS, WATCH, SOCKET, SYSTEMD)
			.check(this.core);
		classes().should()
			.resideInAnyPackage(ANNOTATION, HANDLER, SCHEDULING, OPERATIONS[0], OPERATIONS[1], OPERATIONS[2],
					OPERATIONS[3], AUTOCONFIGURE)
			.check(this.springBoot);
		classes().should().resideInAPackage(TEST).check(this.test);
		classes().should().resideInAPackage(TESTING).check(this.testing);
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

		}).should().beFreeOfCycles().check(all);
	}

	/** Two files may be one idea, such as a source and its keeper; three are a knot. */
	@Test
	void filesOfTheLoopShouldKnowEachOtherInPairsAtMost() {
		Map<String, Set<String>> known = new TreeMap<>();
		this.core.that(JavaClass.Predicates.resideInAPackage(LOOP))
			.forEach((javaClass) -> javaClass.getDirectDependenciesFromSelf()
				.stream()
				.map(Dependency::getTargetClass)
				.filter((target) -> target.getPackageName().equals(LOOP))
				.forEach((target) -> known.computeIfAbsent(file(javaClass), (name) -> new TreeSet<>())
					.add(file(target))));
		Map<String, Set<String>> reached = new TreeMap<>();
		known.keySet().forEach((file) -> reach(file, known, reached.computeIfAbsent(file, (name) -> new TreeSet<>())));
		assertThat(known).containsKeys("MainLoop", "DutyCycle", "EventSource");
		assertThat(reached).allSatisfy((file, others) -> {
			List<String> circle = others.stream()
				.filter((other) -> reached.getOrDefault(other, Set.of()).contains(file))
				.toList();
			assertThat(circle).as("files in a circle with %s", file).hasSizeLessThanOrEqualTo(2);
		});
	}

	private static void reach(String file, Map<String, Set<String>> known, Set<String> reached) {
		for (String other : known.getOrDefault(file, Set.of())) {
			if (reached.add(other)) {
				reach(other, known, reached);
			}
		}
	}

	private static String file(JavaClass javaClass) {
		JavaClass outermost = javaClass;
		while (outermost.getEnclosingClass().isPresent()) {
			outermost = outermost.getEnclosingClass().get();
		}
		return outermost.getBaseComponentType().getSimpleName();
	}

	@Test
	void coreShouldNotDependOnSpring() {
		noClasses().should().dependOnClassesThat().resideInAPackage("org.springframework..").check(this.core);
	}

	@Test
	void nothingThatApplicationsGetShouldDependOnTestLibraries() {
		for (JavaClasses module : new JavaClasses[] { this.core, this.springBoot }) {
			noClasses().should()
				.dependOnClassesThat()
				.resideInAnyPackage("org.junit..", "org.assertj..", "org.testcontainers..",
						"org.springframework.test..", "org.springframework.boot.test..")
				.check(module);
		}
	}

	@Test
	void testingShouldKnowNothingOfMainloop() {
		noClasses().should()
			.dependOnClassesThat()
			.resideInAnyPackage(LOG, LIBC, FD, MULTIPLEXER, LOOP, FILE, LINE, PROCESS, WATCH, SOCKET, SYSTEMD,
					ANNOTATION, HANDLER, SCHEDULING, OPERATIONS[0], OPERATIONS[1], OPERATIONS[2], OPERATIONS[3],
					AUTOCONFIGURE, TEST, "dev.mainloop.kernel..")
			.check(this.testing);
	}

	@Test
	void nativeCodeShouldBeCalledByLibcOnly() {
		noClasses().that()
			.resideOutsideOfPackage(LIBC)
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("jnr..", "com.kenai..")
			.check(all);
	}

	@Test
	void everyPackageShouldBeNullMarked() {
		classes().should(new ArchCondition<>("be in a package that is @NullMarked") {

			@Override
			public void check(JavaClass javaClass, ConditionEvents events) {
				boolean marked = javaClass.getPackage().isAnnotatedWith(NullMarked.class);
				events.add(new SimpleConditionEvent(javaClass, marked, javaClass.getDescription()));
			}

		}).check(all);
	}

	/** A jar, or a directory with classes before there is one. */
	private static URL moduleOf(Class<?> member) {
		return member.getProtectionDomain().getCodeSource().getLocation();
	}

	private static JavaClasses classesIn(URL module) {
		return all.that(DescribedPredicate.describe("are in " + module,
				(javaClass) -> javaClass.getSource().orElseThrow().getUri().toString().contains(module.getPath())));
	}

}
