package io.tailrace.turn.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class ToolSettingsTest {

    @Test
    void nothingMayBeFetchedByDefault() {
        ToolSettings defaults = new Binder(new MapConfigurationPropertySource(Map.of()))
                .bindOrCreate("tailrace.worker.tools", ToolSettings.class);

        assertThat(defaults.httpHosts()).isEmpty();
        assertThat(defaults.httpPrivateHosts()).isEmpty();
    }

    @Test
    void aListIsSeparatedByCommas() {
        ToolSettings settings = new Binder(new MapConfigurationPropertySource(
                        Map.of("tailrace.worker.tools.http-hosts", "a.example.org, *.example.net:8443")))
                .bindOrCreate("tailrace.worker.tools", ToolSettings.class);

        assertThat(settings.httpHosts()).containsExactly("a.example.org", "*.example.net:8443");
    }

    @Test
    void whatIsNoHostIsNamedWithItsSetting() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ToolSettings(List.of("https://example.org"), List.of(), null, null))
                .withMessageContaining("tailrace.worker.tools.http-hosts")
                .withMessageContaining("https://example.org");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ToolSettings(List.of(), List.of("*"), null, null))
                .withMessageContaining("http-private-hosts");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ToolSettings(Collections.nCopies(1_001, "a.org"), List.of(), null, null))
                .withMessageContaining("more than 1000");
    }
}
