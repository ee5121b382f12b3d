package dev.mainloop.autoconfigure;

import java.util.concurrent.Executor;

import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.util.function.SingletonSupplier;

/**
 * The bean that does for the loops what may block, which is not made before there is
 * something to do.
 */
final class ApplicationWorkers implements Executor {

	/** The name of the bean, by which an application may have one of its own. */
	static final String BEAN_NAME = "mainLoopWorkers";

	private final SingletonSupplier<Executor> bean;

	/**
	 * Creates the workers of an application.
	 * @param beanFactory has the bean
	 * @param lifecycle the name of the bean that ends the loops, which is to come first
	 */
	ApplicationWorkers(ConfigurableBeanFactory beanFactory, String lifecycle) {
		this.bean = SingletonSupplier.of(() -> {
			Executor workers = beanFactory.getBean(BEAN_NAME, Executor.class);
			beanFactory.registerDependentBean(BEAN_NAME, lifecycle);
			return workers;
		});
	}

	@Override
	public void execute(Runnable task) {
		this.bean.obtain().execute(task);
	}

}
