package dev.mainloop.endpoint;

import java.util.List;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Describes the event sources of one name.
 *
 * @param sources the sources
 */
public record SourcesDescriptor(List<SourceDescriptor> sources) implements OperationResponseBody {

}
