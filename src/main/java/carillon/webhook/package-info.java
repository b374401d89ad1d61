/// Subscriptions: URLs of others that are told what happens here, as Standard Webhooks says.
@NullMarked
package carillon.webhook;

import org.jspecify.annotations.NullMarked;
