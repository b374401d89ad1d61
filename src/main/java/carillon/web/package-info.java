/// The HTTP boundary that all five APIs share: routes with their permissions, requests and answers,
/// refusals, authentication, limits. What an API says lies with the API.
@NullMarked
package carillon.web;

import org.jspecify.annotations.NullMarked;
