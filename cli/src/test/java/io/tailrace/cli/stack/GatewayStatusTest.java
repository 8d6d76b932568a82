package io.tailrace.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import org.junit.jupiter.api.Test;

class GatewayStatusTest {
    @Test
    void onlyWhatIsImpairedIsSaid() throws Exception {
        assertThat(GatewayStatus.impaired(new ObjectMapper().readTree("""
                        {"status":"impaired","components":[
                          {"name":"log","state":"ok","says":"The log can be reached."},
                          {"name":"coordinator","state":"impaired","says":"Nobody decides at the moment: 3 commands wait."}]}""")))
                .containsExactly("coordinator: Nobody decides at the moment: 3 commands wait.");
    }

    @Test
    void whatIsNoAnswerOfOursSaysNothing() throws Exception {
        assertThat(GatewayStatus.impaired(new ObjectMapper().readTree("[1]"))).isEmpty();
        assertThat(GatewayStatus.ask(URI.create("http://127.0.0.1:9"))).isEmpty();
    }
}
