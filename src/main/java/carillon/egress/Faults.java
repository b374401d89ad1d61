package carillon.egress;

import carillon.egress.EgressReply.TimedOut;
import carillon.egress.EgressReply.Unreachable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.NoHttpResponseException;

/// Says in a sentence what an exception of the client means.
final class Faults {
    private Faults() {}

    /// `sent` says whether there was a connection for the request to go out on.
    static EgressReply reply(IOException fault, HttpHost target, boolean sent) {
        return fault instanceof ConnectTimeoutException || fault instanceof SocketTimeoutException
                ? new TimedOut(reason(fault, target), sent)
                : new Unreachable(reason(fault, target), sent);
    }

    private static String reason(IOException fault, HttpHost target) {
        var where = where(target);
        return switch (fault) {
            case UnknownHostException _ -> "unknown host " + target.getHostName();
            case ConnectTimeoutException _ -> "could not connect to " + where;
            case SocketTimeoutException _ -> "no answer from " + where;
            case ConnectException _ -> connect(fault, where);
            case SSLException _ -> "no secure connection to " + where + ": " + fault.getMessage();
            case NoHttpResponseException _ ->
                    where + " closed the connection without an HTTP answer";
            case ConnectionClosedException _ -> where + " broke off in the middle of its answer";
            case MalformedChunkCodingException _ ->
                    where + " broke off in the middle of its answer";
            case MessageConstraintException _ ->
                    "the header of the answer of " + where + " is too long";
            case ClientProtocolException _ -> where + " does not answer in HTTP";
            case SocketException _ -> "connection reset by " + where;
            case IOException other ->
                    "the exchange with " + where + " failed: " + other.getClass().getSimpleName();
        };
    }

    private static String connect(IOException fault, String where) {
        return String.valueOf(fault.getMessage()).contains("refused")
                ? "connection refused by " + where
                : "could not connect to " + where;
    }

    private static String where(HttpHost target) {
        var name = target.getHostName();
        var host = name.contains(":") ? "[" + name + "]" : name;
        return target.getPort() < 0 ? host : host + ":" + target.getPort();
    }
}
