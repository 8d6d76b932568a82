package io.tailrace.service.settings;

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
import org.springframework.core.env.PropertiesPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Refuses to start with a property of ours that does not exist, so typos are caught. The names are those of the settings
 * records; {@code names.txt} says the same for all services together, which each compares with its own at its start.
 */
@Configuration(proxyBeanMethods = false)
public class SettingsConfiguration {
    @Bean
    static BeanFactoryPostProcessor unknownPropertyCheck(ConfigurableEnvironment environment) {
        return beans -> {
            NameCatalogue catalogue = NameCatalogue.read();
            PropertyNames own = own(beans);
            compare(catalogue, own, environment.getProperty("spring.application.name", ""));
            check(new UnknownSettings(catalogue, own), environment);
        };
    }

    private static PropertyNames own(ConfigurableListableBeanFactory beans) {
        PropertyNames own = new PropertyNames();
        for (String bean : beans.getBeanNamesForAnnotation(ConfigurationProperties.class)) {
            Class<?> type = beans.getType(bean, false);
            ConfigurationProperties annotation = type == null
                    ? null
                    : AnnotatedElementUtils.findMergedAnnotation(type, ConfigurationProperties.class);
            if (type != null
                    && type.isRecord()
                    && annotation != null
                    && annotation.prefix().startsWith(UnknownSettings.OURS)) {
                own.add(annotation.prefix(), type);
            }
        }
        return own;
    }

    private static void compare(NameCatalogue catalogue, PropertyNames own, String service) {
        Set<String> listed = catalogue.of(service);
        if (!listed.isEmpty() && !listed.equals(own.all())) {
            Set<String> missing = new TreeSet<>(own.all());
            missing.removeAll(listed);
            listed.removeAll(own.all());
            throw new IllegalStateException(
                    "names.txt lacks of " + service + ": " + missing + "; has too many: " + listed);
        }
    }

    private static void check(UnknownSettings unknown, ConfigurableEnvironment environment) {
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (source instanceof EnumerablePropertySource<?> enumerable) {
                boolean shared =
                        source instanceof SystemEnvironmentPropertySource || source instanceof PropertiesPropertySource;
                for (String name : enumerable.getPropertyNames()) {
                    unknown.look(name, shared);
                }
            }
        }
        unknown.refuse();
    }
}
