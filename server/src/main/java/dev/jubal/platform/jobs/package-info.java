/**
 * A durable queue: what is enqueued within a transaction runs once that is committed, in this
 * process or a later one.
 *
 * <p>Knows nothing of what the jobs do. Start at {@link Jobs}; db-scheduler does the work.
 */
@NullMarked
package dev.jubal.platform.jobs;

import org.jspecify.annotations.NullMarked;
