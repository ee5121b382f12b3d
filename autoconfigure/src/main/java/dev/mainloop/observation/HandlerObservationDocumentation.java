package dev.mainloop.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * The observations of handler calls, as {@link DefaultHandlerObservationConvention} has
 * them.
 */
public enum HandlerObservationDocumentation implements ObservationDocumentation {

	/** A call of a handler method, with the sending of what it returns. */
	HANDLER_CALL {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultHandlerObservationConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return LowCardinalityKeyNames.values();
		}

	};

	/** The key names that have few values. */
	public enum LowCardinalityKeyNames implements KeyName {

		/** The name of the bean. */
		BEAN {

			@Override
			public String asString() {
				return "bean";
			}

		},

		/** The name of the method. */
		METHOD {

			@Override
			public String asString() {
				return "method";
			}

		},

		/** What kind of event the method handles, such as {@code message}. */
		KIND {

			@Override
			public String asString() {
				return "kind";
			}

		},

		/**
		 * The simple name of the class of what the call threw, or {@code none}.
		 */
		EXCEPTION {

			@Override
			public String asString() {
				return "exception";
			}

		}

	}

}
