package dev.mainloop.endpoint;

import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * Answers a change at the {@link MainLoopEndpoint} with the status that it has in HTTP.
 */
@EndpointWebExtension(endpoint = MainLoopEndpoint.class)
public class MainLoopEndpointWebExtension {

	private final MainLoopEndpoint endpoint;

	/**
	 * Creates the extension of an endpoint.
	 * @param endpoint the endpoint
	 */
	public MainLoopEndpointWebExtension(MainLoopEndpoint endpoint) {
		this.endpoint = endpoint;
	}

	/**
	 * Pauses or resumes the event sources of a name.
	 * @param name what a log line calls them
	 * @param enabled whether their handlers are to be called
	 * @return the sources after that, or the status 404 if there are none of that name
	 */
	@WriteOperation
	public WebEndpointResponse<SourcesDescriptor> enable(@Selector String name, boolean enabled) {
		SourcesDescriptor sources = this.endpoint.enable(name, enabled);
		return (sources != null) ? new WebEndpointResponse<>(sources)
				: new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
	}

}
