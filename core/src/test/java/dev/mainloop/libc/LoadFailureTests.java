package dev.mainloop.libc;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class LoadFailureTests {

	@LinuxTest
	@Test
	void libraryShouldBeLoaded() {
		assertThat(program(List.of())).isEqualTo("null");
	}

	@LinuxTest
	@Test
	void directoriesThatLetNothingBeExecutedShouldBeTold(@TempDir Path directory) throws Exception {
		List<String> namespace = List.of("unshare", "-rm");
		List<String> probe = new ArrayList<>(namespace);
		probe.add("true");
		Assumptions.assumeThat(new ProcessBuilder(probe).start().waitFor()).as("mounting in a namespace").isZero();
		List<String> launcher = new ArrayList<>(namespace);
		launcher.addAll(shell("mount -t tmpfs -o noexec tmpfs $0 && cd $0 && exec \"$@\"", directory.toString()));
		assertThat(program(launcher, "-Djava.io.tmpdir=" + directory))
			.contains("temporary directory, which is " + directory + ",")
			.contains("neither lets it be both written and executed: ")
			.contains("failed to map segment")
			.contains("Name a directory that can be written, and is not mounted with 'noexec', by -Djava.io.tmpdir");
	}

	@LinuxTest
	@Test
	void directoriesThatCannotBeWrittenShouldBeTold() {
		assertThat(program(shell("cd /proc && exec \"$@\"", "sh"), "-Djava.io.tmpdir=/proc"))
			.contains("temporary directory, which is /proc,")
			.contains("neither lets it be both written and executed: ")
			.contains("Unable to write")
			.contains("Name a directory that can be written");
	}

	@LinuxTest
	@Test
	void libraryInADirectoryThatIsNamedShouldBeLoaded(@TempDir Path directory) throws Exception {
		String processor = System.getProperty("os.arch").replace("amd64", "x86_64");
		try (InputStream library = getClass().getResourceAsStream("/jni/" + processor + "-Linux/libjffi-1.2.so")) {
			Files.copy(library, directory.resolve("libjffi-1.2.so"));
		}
		assertThat(program(shell("cd /proc && exec \"$@\"", "sh"), "-Djava.io.tmpdir=/proc",
				"-Djffi.boot.library.path=" + directory))
			.isEqualTo("null");
	}

	@LinuxTest
	@ParameterizedTest
	@ValueSource(strings = { "sparc", "z80" })
	void processorWithoutLibraryShouldBeTold(String processor) {
		assertThat(program(List.of(), "-Dos.arch=" + processor)).contains("jffi has no library for this processor: ")
			.contains("Run the application on x86-64, AArch64 or RISC-V");
	}

	@LinuxTest
	@Test
	@EnabledForJreRange(min = JRE.JAVA_24)
	void deniedNativeAccessShouldBeTold() {
		String withoutPermission = "for option; do shift; case $option in --enable-native-access*) ;; "
				+ "*) set -- \"$@\" \"$option\" ;; esac; done; exec \"$@\"";
		assertThat(program(shell(withoutPermission, "sh"), "--illegal-native-access=deny"))
			.contains("the JVM denies native access: java.lang.IllegalCallerException")
			.contains("Start the JVM with --enable-native-access=ALL-UNNAMED");
	}

	@ParameterizedTest
	@ValueSource(strings = {
			"Unable to execute or load jffi binary stub from `/tmp`. Set `TMPDIR` or Java property `java.io.tmpdir` to a "
					+ "read/write path that is not mounted \"noexec\".\n/tmp/jffi1.so: Error loading shared library "
					+ "ld-linux-x86-64.so.2: No such file or directory (needed by /tmp/jffi1.so)",
			"Unable to execute or load jffi binary stub from `/tmp`.\n/tmp/jffi1.so: Error relocating /tmp/jffi1.so: "
					+ "__isnan: symbol not found",
			"Unable to execute or load jffi binary stub from `/tmp`.\n/tmp/jffi1.so: /lib64/libc.so.6: version "
					+ "`GLIBC_2.34' not found (required by /tmp/jffi1.so)" })
	void otherLibcShouldBeTold(String message) {
		Unavailability unavailability = LoadFailure.explain(new UnsatisfiedLinkError(message));
		assertThat(unavailability.cause()).isEqualTo("the library of jffi needs another C library than this host has: "
				+ message.lines().skip(1).findFirst().orElseThrow());
		assertThat(unavailability.remedy()).contains("where there is a current glibc");
	}

	@Test
	void unknownCauseShouldBeToldAsItIs() {
		assertThat(LoadFailure.explain(new UnsatisfiedLinkError("unexpected\n\tat Some.where")).cause())
			.isEqualTo("jffi cannot load its library: unexpected");
	}

	private static List<String> shell(String script, String name) {
		return List.of("sh", "-c", script, name);
	}

	private static String program(List<String> launcher, String... options) {
		try (JavaProgram program = JavaProgram.start(launcher, List.of(options), LoadFailureProgram.class)) {
			return String.join("\n", program.readLines());
		}
	}

}
