package carillon.perform;

import static java.util.Objects.requireNonNull;

import carillon.action.Conversation;
import carillon.ai.Chat;
import carillon.ai.Echo;
import carillon.ai.Endpoint;
import carillon.ai.Message;
import carillon.ai.Model;
import carillon.ai.Provider;
import carillon.ai.Reply;
import carillon.ai.Tokens;
import carillon.egress.EgressReply;
import carillon.quota.Told;
import carillon.task.RetryOn;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Optional;
import java.util.function.BiConsumer;

/// Asks models at their providers, each in its own protocol.
public final class ChatClients implements Chat {
    private static final Logger log = System.getLogger(ChatClients.class.getName());

    private final Ways ways;
    private final InstantSource time;
    private final BiConsumer<Model, Told> heard;
    private final ProviderClients clients = new ProviderClients();

    /// Tells nobody what answers say of quotas.
    public ChatClients(Ways ways, InstantSource time) {
        this(ways, time, (_, _) -> {});
    }

    /// `heard` is told what each answer says of its model's quota, before the answer is returned.
    public ChatClients(Ways ways, InstantSource time, BiConsumer<Model, Told> heard) {
        this.ways = requireNonNull(ways, "ways");
        this.time = requireNonNull(time, "time");
        this.heard = requireNonNull(heard, "heard");
    }

    @Override
    public Reply ask(Model model, Conversation asked, Duration timeout)
            throws InterruptedException {
        if (model.endpoint().isEmpty()) {
            return Echo.answer(model, asked.text());
        }
        var endpoint = model.endpoint().get();
        var patience = patience(model, timeout);
        var exchange = new ChatExchange(ways.to(endpoint), patience);
        var begun = time.instant();
        var reply = ask(model, asked, endpoint, exchange);
        tell(model, exchange);
        if (!ChatFaults.refusesToStream(exchange.reply())) {
            return reply;
        }
        var left = patience.minus(Duration.between(begun, time.instant()));
        if (!left.isPositive() || left.compareTo(patience) > 0) {
            return reply;
        }
        var again = new ChatExchange(ways.to(endpoint), left);
        var whole = askForTheWhole(model, asked, endpoint, again);
        tell(model, again);
        return whole;
    }

    private static Duration patience(Model model, Duration timeout) {
        return model.timeout().compareTo(timeout) < 0 ? model.timeout() : timeout;
    }

    /// For questions whose half answers nobody wants: at providers that speak OpenAI's protocol an
    /// answer comes in one piece, which costs less on both sides. The others think that a long
    /// answer is to be streamed.
    public Chat whole() {
        return (model, asked, timeout) -> {
            if (model.endpoint().isEmpty() || model.provider() != Provider.OPENAI) {
                return ask(model, asked, timeout);
            }
            var endpoint = model.endpoint().get();
            var exchange = new ChatExchange(ways.to(endpoint), patience(model, timeout));
            var reply = askForTheWhole(model, asked, endpoint, exchange);
            tell(model, exchange);
            return reply;
        };
    }

    /// Lets the answer come piece by piece, so that what has come is there when its time is over. A
    /// server that answers as a whole nevertheless is understood too.
    private Reply ask(Model model, Conversation asked, Endpoint endpoint, ChatExchange exchange)
            throws InterruptedException {
        var heard = new HeardAnswer();
        try {
            var client = clients.streaming(model, endpoint);
            exchange.during(() -> client.chat(request(model, asked), heard));
        } catch (RuntimeException e) {
            log.log(Level.DEBUG, "model {0} did not answer: {1}", model.name(), e.getClass());
        }
        exchange.throwIfInterrupted();
        if (exchange.isWhole()) {
            return askForTheWhole(model, asked, endpoint, exchange);
        }
        return heard.whole()
                .filter(response -> isAtEnd(response, model, exchange))
                .map(ChatClients::answer)
                .orElseGet(() -> ChatFaults.failure(exchange, heard, endpoint, time.instant()));
    }

    /// Anthropic's client knows the end by itself; the others take any end for it.
    private static boolean isAtEnd(ChatResponse response, Model model, ChatExchange exchange) {
        return model.provider() == Provider.ANTHROPIC
                || response.finishReason() != null
                || exchange.stream().filter(EventStream::isDone).isPresent();
    }

    private Reply askForTheWhole(
            Model model, Conversation asked, Endpoint endpoint, ChatExchange exchange)
            throws InterruptedException {
        try {
            var client = clients.whole(model, endpoint);
            return answer(exchange.during(() -> client.chat(request(model, asked))));
        } catch (RuntimeException e) {
            exchange.throwIfInterrupted();
            log.log(Level.DEBUG, "model {0} did not answer: {1}", model.name(), e.getClass());
            return ChatFaults.failure(exchange.reply(), endpoint, time.instant());
        }
    }

    private static Reply answer(ChatResponse response) {
        var answer = Optional.ofNullable(response.aiMessage().text()).orElse("");
        var calls = ToolMessages.calls(response.aiMessage());
        if (answer.isEmpty() && calls.isEmpty()) {
            return Reply.Failure.of("the model answered without a text", RetryOn.OTHER);
        }
        return new Reply.Answer(answer, tokens(response), calls);
    }

    private void tell(Model model, ChatExchange exchange) {
        if (exchange.reply().orElse(null) instanceof EgressReply.Answer answer) {
            heard.accept(model, RateHeaders.read(answer.headers(), time.instant()));
        }
    }

    /// What OpenAI's client sends as a question that is answered as a whole.
    static String body(Model model, Conversation asked, Endpoint endpoint) {
        var rehearsal = new Rehearsal(NO_ANSWER);
        read(model, asked, endpoint, rehearsal);
        return rehearsal.sent().orElseThrow();
    }

    /// What OpenAI's client makes of an answer.
    static Reply read(Model model, Endpoint endpoint, String body) {
        return read(model, Conversation.of("-"), endpoint, new Rehearsal(body));
    }

    private static Reply read(
            Model model, Conversation asked, Endpoint endpoint, Rehearsal rehearsal) {
        try {
            return answer(openAi(model, endpoint, rehearsal).chat(request(model, asked)));
        } catch (RuntimeException e) {
            log.log(Level.DEBUG, "no answer in the provider's form: {0}", e.toString());
            return Reply.Failure.of("the answer is not in the provider's form", RetryOn.OTHER);
        }
    }

    private static ChatModel openAi(Model model, Endpoint endpoint, Rehearsal rehearsal) {
        return ProviderClients.openAi(model.model(), endpoint, rehearsal.builder());
    }

    private static final String NO_ANSWER = "{\"choices\":[]}";

    private static ChatRequest request(Model model, Conversation conversation) {
        var messages = new ArrayList<ChatMessage>();
        var defaults = model.defaults();
        var before = conversation.hasSystem() ? defaults.earlier() : defaults.before();
        before.forEach(said -> messages.add(message(said)));
        conversation.messages().forEach(each -> messages.add(message(each)));
        conversation.rounds().forEach(round -> messages.addAll(ToolMessages.of(round)));
        var request = ChatRequest.builder().messages(messages);
        if (!conversation.tools().isEmpty()) {
            request.toolSpecifications(ToolMessages.specifications(conversation.tools()));
        }
        model.defaults().temperature().ifPresent(request::temperature);
        model.defaults().topP().ifPresent(request::topP);
        model.defaults().maxTokens().ifPresent(request::maxOutputTokens);
        return request.build();
    }

    private static ChatMessage message(Message said) {
        return switch (said.role()) {
            case SYSTEM -> SystemMessage.from(said.content());
            case USER -> UserMessage.from(said.content());
            case ASSISTANT -> AiMessage.from(said.content());
        };
    }

    private static ChatMessage message(Conversation.Message message) {
        return switch (message.role()) {
            case SYSTEM -> SystemMessage.from(message.content());
            case USER -> UserMessage.from(message.content());
            case ASSISTANT -> AiMessage.from(message.content());
        };
    }

    private static Optional<Tokens> tokens(ChatResponse response) {
        var usage = response.tokenUsage();
        if (usage == null || usage.inputTokenCount() == null || usage.outputTokenCount() == null) {
            return Optional.empty();
        }
        int input = usage.inputTokenCount();
        int output = usage.outputTokenCount();
        boolean counted = input >= 0 && output >= 0 && input + output > 0;
        return counted ? Optional.of(new Tokens(input, output)) : Optional.empty();
    }
}
