package io.tailrace.gateway.approval;

import io.tailrace.gateway.api.ApiSettings;
import io.tailrace.gateway.command.ApprovalCommands;
import io.tailrace.gateway.json.EventDecoder;
import io.tailrace.gateway.request.JsonBody;
import io.tailrace.gateway.runs.RunDirectory;
import io.tailrace.runlog.RunLog;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the answers to questions whether tools may be called. */
@Configuration(proxyBeanMethods = false)
public class ApprovalConfiguration {
    @Bean
    ApprovalsController approvalsController(
            RunDirectory directory, RunLog log, EventDecoder decoder, ApprovalCommands commands, ApiSettings settings) {
        return new ApprovalsController(
                directory, new ApprovalLog(log, decoder), commands, new JsonBody(settings.maxBodyBytes()));
    }
}
