package dev.mainloop.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnPressure;
import dev.mainloop.fd.Pressure;
import dev.mainloop.fd.PressureResource;
import dev.mainloop.fd.PressureScope;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@SpringJUnitConfig(PressureSliceTests.Handler.class)
@AutoConfigureTestMainLoop
class PressureSliceTests {

	private static final Pressure PRESSURE = new Pressure(new Pressure.Share(12, 3, 1, Duration.ofSeconds(5)), null);

	@Autowired
	private TestMainLoop loop;

	@Autowired
	private Handler handler;

	@Test
	void pressureShouldBeToldOnceToEachMethodOfTheResource() {
		this.loop.pressure(PressureResource.MEMORY, PRESSURE);
		assertThat(this.handler.told).containsExactlyInAnyOrder("memory 12.0", "group");
		this.loop.runUntilIdle();
		assertThat(this.handler.told).hasSize(2);
		this.loop.pressure(PressureResource.MEMORY, PRESSURE);
		assertThat(this.handler.told).hasSize(4);
	}

	@Test
	void pressureThatNoMethodTakesShouldBeRefused() {
		assertThatIllegalStateException().isThrownBy(() -> this.loop.pressure(PressureResource.IO, PRESSURE))
			.withMessage("No handler is told of the pressure of IO");
	}

	@EventHandler
	static class Handler {

		private final List<String> told = new ArrayList<>();

		@OnPressure(resource = PressureResource.MEMORY, stall = "100ms", window = "1s")
		void memory(Pressure pressure) {
			this.told.add("memory " + pressure.some().avg10());
		}

		@OnPressure(resource = PressureResource.MEMORY, stall = "100ms", scope = PressureScope.CGROUP)
		void group() {
			this.told.add("group");
		}

		@OnPressure(resource = PressureResource.CPU, stall = "100ms", all = true)
		void processor() {
			this.told.add("processor");
		}

	}

}
