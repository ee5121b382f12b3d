package dev.mainloop.endpoint;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.Selector.Match;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * Answers a change at the {@link MainLoopEndpoint} with the status that it has in HTTP,
 * and finds event sources whose name has slashes, which are not encoded there.
 */
@EndpointWebExtension(endpoint = MainLoopEndpoint.class)
public class MainLoopEndpointWebExtension {

	/** The status of a change without a name, as the loop itself cannot be changed. */
	private static final int METHOD_NOT_ALLOWED = 405;

	private final MainLoopEndpoint endpoint;

	/**
	 * Creates the extension of an endpoint.
	 * @param endpoint the endpoint
	 */
	public MainLoopEndpointWebExtension(MainLoopEndpoint endpoint) {
		this.endpoint = endpoint;
	}

	/**
	 * Describes the event sources of a name that has slashes.
	 * @param name what a log line calls them, in its parts
	 * @return the description, or {@code null} if there are none of that name
	 */
	@ReadOperation
	public @Nullable SourcesDescriptor sources(@Selector(match = Match.ALL_REMAINING) String[] name) {
		return this.endpoint.sources(name(name));
	}

	/**
	 * Pauses or resumes the event sources of a name that has slashes.
	 * @param name what a log line calls them, in its parts
	 * @param enabled whether their handlers are to be called
	 * @return the sources after that, or the status 404 if there are none of that name,
	 * or 405 without a name
	 */
	@WriteOperation
	public WebEndpointResponse<SourcesDescriptor> enable(@Selector(match = Match.ALL_REMAINING) String[] name,
			boolean enabled) {
		return (name.length == 0) ? new WebEndpointResponse<>(METHOD_NOT_ALLOWED) : enable(name(name), enabled);
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

	/** Joins a name, of which the path does not tell whether it begins with a slash. */
	private String name(String[] parts) {
		String name = String.join("/", parts);
		return (this.endpoint.sources("/" + name) != null) ? "/" + name : name;
	}

}
