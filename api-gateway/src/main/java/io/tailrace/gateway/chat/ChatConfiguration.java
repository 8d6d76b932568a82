package io.tailrace.gateway.chat;

import io.tailrace.gateway.api.ApiSettings;
import io.tailrace.gateway.api.RunJson;
import io.tailrace.gateway.command.ChatCommands;
import io.tailrace.gateway.cursor.Cursors;
import io.tailrace.gateway.json.EventDecoder;
import io.tailrace.gateway.log.RunFeeds;
import io.tailrace.gateway.request.JsonBody;
import io.tailrace.gateway.runs.RunDirectory;
import io.tailrace.runlog.RunLog;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the chat API. */
@Configuration(proxyBeanMethods = false)
public class ChatConfiguration {
    @Bean
    Chats chats(RunDirectory directory) {
        return new Chats(directory);
    }

    @Bean
    ConversationLog conversationLog(RunFeeds feeds, RunLog log, EventDecoder decoder) {
        return new ConversationLog(feeds, log, decoder);
    }

    @Bean
    TurnsController turnsController(
            Chats chats, ChatCommands commands, ConversationLog conversations, RunJson runJson, ApiSettings settings) {
        return new TurnsController(chats, commands, conversations, runJson, new JsonBody(settings.maxBodyBytes()));
    }

    @Bean
    ConversationController conversationController(Chats chats, ConversationLog conversations, Cursors cursors) {
        return new ConversationController(chats, conversations, cursors);
    }
}
