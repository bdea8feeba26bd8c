package dev.jubal.inference;

import java.time.Instant;
import java.util.List;

/**
 * What the generator decided about a request.
 *
 * @param requestId the server's id
 * @param model the catalogue name, which answers report
 * @param backend what stands behind it, such as llama/smollm2-135m-instruct
 * @param admitted when it was accepted
 * @param dropped fields a lenient model rule dropped
 */
public record Resolution(
    String requestId, String model, String backend, Instant admitted, List<String> dropped) {}
