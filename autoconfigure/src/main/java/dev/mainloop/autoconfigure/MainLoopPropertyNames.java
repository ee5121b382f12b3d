package dev.mainloop.autoconfigure;

import java.beans.PropertyDescriptor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import dev.mainloop.handler.EventQueues;
import dev.mainloop.handler.NearestName;

import org.springframework.beans.BeanUtils;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/**
 * The names of the properties of {@link MainLoopProperties}.
 */
final class MainLoopPropertyNames {

	static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("mainloop");

	static final ConfigurationPropertyName QUEUES = PREFIX.append("queues");

	static final ConfigurationPropertyName LOOPS = PREFIX.append("loops");

	/** Stands for the name of a queue or a loop. */
	private static final String ANY = "*";

	private MainLoopPropertyNames() {
	}

	/** Whether there is a property of that name, as relaxed as it may be written. */
	static boolean isKnown(ConfigurationPropertyName name) {
		String relaxed = EventQueues.relaxed(relative(name));
		return like(name).stream().anyMatch((known) -> EventQueues.relaxed(known).equals(relaxed));
	}

	/** Finds the property that a misspelt name was probably meant to be. */
	static Optional<String> nearest(ConfigurationPropertyName name) {
		return NearestName.of(relative(name), like(name)).map((known) -> PREFIX + "." + known);
	}

	/** Returns the part of a name behind the prefix. */
	private static String relative(ConfigurationPropertyName name) {
		return name.toString().substring(PREFIX.toString().length() + 1);
	}

	/** Whether it names a queue or a loop. */
	static boolean isNamed(ConfigurationPropertyName name) {
		return QUEUES.isParentOf(name) || LOOPS.isParentOf(name);
	}

	/**
	 * Returns the names behind the prefix, with the name of a queue or a loop from
	 * another name.
	 */
	private static List<String> like(ConfigurationPropertyName name) {
		boolean isNamed = QUEUES.isAncestorOf(name) || LOOPS.isAncestorOf(name);
		String own = isNamed ? name.getElement(QUEUES.getNumberOfElements(), Form.ORIGINAL) : ANY;
		Set<String> names = new TreeSet<>();
		collect("", MainLoopProperties.class, names);
		return names.stream().map((known) -> known.replace(ANY, own)).toList();
	}

	private static void collect(String prefix, Class<?> type, Set<String> names) {
		for (PropertyDescriptor property : BeanUtils.getPropertyDescriptors(type)) {
			String name = prefix + DataObjectPropertyName.toDashedForm(property.getName());
			Class<?> propertyType = property.getPropertyType();
			if (property.getWriteMethod() != null) {
				names.add(name);
			}
			else if (propertyType == Map.class) {
				Class<?> valueType = name.equals("queues") ? MainLoopProperties.Queue.class
						: MainLoopProperties.Loop.class;
				collect(name + "." + ANY + ".", valueType, names);
			}
			else if (propertyType.getEnclosingClass() == MainLoopProperties.class) {
				collect(name + ".", propertyType, names);
			}
		}
	}

}
