package carillon.web;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/// Shapes what the HTTP server refuses by itself: broken requests, heads that are too large. Says
/// what is wrong and nothing about the inside.
final class TransportErrors extends ErrorHandler {
    private final Responder responder;

    TransportErrors(Responder responder) {
        this.responder = responder;
    }

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int code,
            String message,
            Throwable cause,
            Callback callback) {
        var listener = request.getAttribute(Exchange.LISTENER) instanceof String name ? name : "";
        var path = request.getHttpURI() == null ? "/" : request.getHttpURI().getPath();
        var requestId = Exchange.requestId(request.getHeaders().get("X-Request-ID"));
        var refusal = Refusals.ofTransport(code, message == null ? "" : message);
        var answer = responder.shaped(listener, path == null ? "/" : path, refusal, requestId);
        var headers = response.getHeaders();
        answer.headers().forEach(headers::put);
        headers.put(HttpHeader.CONTENT_TYPE, answer.contentType());
        headers.put("X-Request-ID", requestId);
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put(HttpHeader.CACHE_CONTROL, "no-store");
        response.setStatus(answer.status());
        response.write(true, ByteBuffer.wrap(Wire.bytes(answer)), callback);
    }
}
