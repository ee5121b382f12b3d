package dev.mainloop;

import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.VarHandle;

/**
 * Fields that several threads write.
 */
final class Fields {

	private Fields() {
	}

	/**
	 * Makes a handle for atomic access to a field, to be kept in a static final one.
	 * @param lookup the lookup of the class that has the field
	 * @param name its name
	 * @param type its type
	 * @return the handle
	 */
	static VarHandle handle(Lookup lookup, String name, Class<?> type) {
		try {
			return lookup.findVarHandle(lookup.lookupClass(), name, type);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

}
