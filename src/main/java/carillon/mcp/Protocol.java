package carillon.mcp;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.jackson2.JacksonMcpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.io.IOException;
import java.util.Optional;

/// The JSON form of the protocol's messages.
final class Protocol {
    static final ObjectMapper VALUES = JsonMapper.builder().build();
    static final McpJsonMapper MAPPER = new JacksonMcpJsonMapper(VALUES);

    /// The code by which a transport says of itself that nothing more will be exchanged; of those
    /// that JSON-RPC leaves to servers.
    private static final int ENDED = -32_099;

    private Protocol() {}

    static String write(JSONRPCMessage message) {
        try {
            return MAPPER.writeValueAsString(message);
        } catch (IOException e) {
            throw ExchangeException.of("was not told, since this cannot be written: " + e);
        }
    }

    /// None where the text is no message.
    static Optional<JSONRPCMessage> read(String text) {
        try {
            return Optional.of(McpSchema.deserializeJsonRpcMessage(MAPPER, text));
        } catch (IOException | RuntimeException _) {
            return Optional.empty();
        }
    }

    /// What is heard instead of an answer when no answer will come.
    static JSONRPCResponse ended(Object id, String reason) {
        return new JSONRPCResponse(
                McpSchema.JSONRPC_VERSION,
                id,
                null,
                new JSONRPCResponse.JSONRPCError(ENDED, reason, null));
    }

    static boolean saysEnded(JSONRPCResponse.JSONRPCError error) {
        return error.code() == ENDED;
    }
}
