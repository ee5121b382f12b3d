package dev.mainloop.test;

import java.util.function.Supplier;

import dev.mainloop.MainLoop;
import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.handler.LoopBeans;
import dev.mainloop.socket.ListeningSocket;
import dev.mainloop.watch.Device;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.aot.AbstractAotProcessor;

/**
 * Puts file descriptors, devices, eventfds and listening sockets in memory in the place
 * of those that the kernel would open for the application, and leaves out a main loop of
 * its own.
 */
class InMemoryReplacement implements BeanDefinitionRegistryPostProcessor {

	private final String mainLoop;

	/**
	 * Creates the replacement.
	 * @param mainLoop the name of the main loop that stays
	 */
	InMemoryReplacement(String mainLoop) {
		this.mainLoop = mainLoop;
	}

	@Override
	public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
		ConfigurableListableBeanFactory beanFactory = (ConfigurableListableBeanFactory) registry;
		for (String name : beanFactory.getBeanNamesForType(MainLoop.class, true, false)) {
			if (!name.equals(this.mainLoop)
					&& !LoopBeans.FACTORY.equals(registry.getBeanDefinition(name).getFactoryBeanName())) {
				registry.removeBeanDefinition(name);
			}
		}
		if (!Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING)) {
			replaceDescriptors(registry, beanFactory);
		}
	}

	/**
	 * Not done ahead of time, for which what makes a bean has to be code that can be
	 * generated, but when the test runs.
	 */
	private void replaceDescriptors(BeanDefinitionRegistry registry, ConfigurableListableBeanFactory beanFactory) {
		for (String name : beanFactory.getBeanNamesForType(Device.class, true, false)) {
			replace(registry, name, TestFileDescriptor.class, () -> new TestFileDescriptor(name));
		}
		for (String name : beanFactory.getBeanNamesForType(FileDescriptor.class, true, false)) {
			Class<?> type = beanFactory.getType(name, false);
			if (type == FileDescriptor.class) {
				replace(registry, name, TestFileDescriptor.class, () -> new TestFileDescriptor(name));
			}
			else if (type == EventFd.class) {
				replace(registry, name, TestEventFd.class, () -> new TestEventFd(name));
			}
			else if (type == ListeningSocket.class) {
				replace(registry, name, TestListeningSocket.class, () -> new TestListeningSocket(name));
			}
		}
	}

	/**
	 * Has a bean made in another way, and keeps all else that its definition says.
	 */
	private <T extends FileDescriptor> void replace(BeanDefinitionRegistry registry, String name, Class<T> type,
			Supplier<T> supplier) {
		BeanDefinition definition = registry.getBeanDefinition(name);
		registry.removeBeanDefinition(name);
		if (definition instanceof AbstractBeanDefinition replaced) {
			replaced.setInstanceSupplier(supplier);
		}
		if (definition instanceof RootBeanDefinition replaced) {
			replaced.setTargetType(type);
		}
		registry.registerBeanDefinition(name, definition);
	}

}
