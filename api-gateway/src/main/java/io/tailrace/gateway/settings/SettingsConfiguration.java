package io.tailrace.gateway.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;

/** Refuses to start with a property of ours that does not exist: a slip of the pen must not become a default. */
@Configuration(proxyBeanMethods = false)
public class SettingsConfiguration {
    private static final Set<String> PREFIXES = Set.of("tailrace.gateway", "tailrace.kafka");

    @Bean
    static BeanFactoryPostProcessor unknownPropertyCheck(ConfigurableEnvironment environment) {
        return beans -> check(known(beans), environment);
    }

    private static PropertyNames known(ConfigurableListableBeanFactory beans) {
        PropertyNames known = new PropertyNames(PREFIXES);
        for (String bean : beans.getBeanNamesForAnnotation(ConfigurationProperties.class)) {
            Class<?> type = beans.getType(bean, false);
            ConfigurationProperties annotation = type == null
                    ? null
                    : AnnotatedElementUtils.findMergedAnnotation(type, ConfigurationProperties.class);
            if (type != null && type.isRecord() && annotation != null) {
                known.add(annotation.prefix(), type);
            }
        }
        return known;
    }

    private static void check(PropertyNames known, ConfigurableEnvironment environment) {
        List<String> set = new ArrayList<>();
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (source instanceof EnumerablePropertySource<?> enumerable) {
                set.addAll(List.of(enumerable.getPropertyNames()));
            }
        }
        Set<String> unknown = known.unknownAmong(set);
        if (!unknown.isEmpty()) {
            throw new StartRefused(
                    "These properties are unknown: " + String.join(", ", unknown),
                    "Correct or remove them. Known are: " + String.join(", ", new TreeSet<>(known.known())));
        }
    }
}
