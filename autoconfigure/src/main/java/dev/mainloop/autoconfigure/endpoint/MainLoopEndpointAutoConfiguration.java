package dev.mainloop.autoconfigure.endpoint;

import dev.mainloop.MainLoop;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.endpoint.MainLoopEndpoint;
import dev.mainloop.endpoint.MainLoopEndpointWebExtension;
import dev.mainloop.handler.EventHandlers;
import dev.mainloop.handler.LoopFiles;
import dev.mainloop.handler.MainLoops;
import dev.mainloop.health.BlockedHandlerWatch;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link MainLoopEndpoint}.
 */
@AutoConfiguration(after = MainLoopAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean(MainLoop.class)
@ConditionalOnAvailableEndpoint(MainLoopEndpoint.class)
public final class MainLoopEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	MainLoopEndpoint mainLoopEndpoint(MainLoops loops, EventHandlers handlers,
			ObjectProvider<BlockedHandlerWatch> watches, LoopFiles files) {
		return new MainLoopEndpoint(loops, handlers, BlockedHandlerWatch.blockedBy(watches.getIfAvailable()),
				files::made);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(MainLoopEndpoint.class)
	@ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
	MainLoopEndpointWebExtension mainLoopEndpointWebExtension(MainLoopEndpoint endpoint) {
		return new MainLoopEndpointWebExtension(endpoint);
	}

}
