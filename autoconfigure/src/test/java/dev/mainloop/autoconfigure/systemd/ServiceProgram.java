package dev.mainloop.autoconfigure.systemd;

import java.util.concurrent.CountDownLatch;

import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnSignal;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;

/**
 * An application of its own for {@link SupervisedServiceTests}, one of whose handlers
 * never returns.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@ImportAutoConfiguration({ MainLoopAutoConfiguration.class, MainLoopSystemdAutoConfiguration.class,
		LifecycleAutoConfiguration.class })
public class ServiceProgram {

	/**
	 * Runs until a signal ends it.
	 * @param args properties
	 */
	public static void main(String[] args) {
		SpringApplication.run(ServiceProgram.class, args);
	}

	@EventHandler
	static class Handler {

		@OnSignal("SIGUSR1")
		void hang() throws InterruptedException {
			new CountDownLatch(1).await();
		}

	}

}
