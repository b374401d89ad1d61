/// The A1Base API: cron jobs in friendly terms, over the same tasks and runs as every other API.
@NullMarked
package carillon.dialect.a1base;

import org.jspecify.annotations.NullMarked;
