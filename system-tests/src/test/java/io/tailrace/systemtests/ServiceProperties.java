package io.tailrace.systemtests;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.attribute.RecordAttribute;
import java.lang.classfile.attribute.RecordComponentInfo;
import java.lang.classfile.attribute.RuntimeVisibleAnnotationsAttribute;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarInputStream;
import java.util.stream.Stream;

/**
 * The properties of ours that a service knows, as environment variables: read from the settings records in its jar, so that
 * no service's classes have to be on the class path.
 */
final class ServiceProperties {
    private static final String ANNOTATION = "Lorg/springframework/boot/context/properties/ConfigurationProperties;";

    private ServiceProperties() {}

    /** @param jar a Boot jar; what workers have in common lies in a library of ours in it */
    static Set<String> variables(Path jar) throws IOException {
        Set<String> variables = new TreeSet<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : file.stream().toList()) {
                String name = entry.getName();
                try (InputStream in = file.getInputStream(entry)) {
                    if (name.startsWith("BOOT-INF/classes/io/tailrace/") && name.endsWith(".class")) {
                        variables.addAll(of(ClassFile.of().parse(in.readAllBytes())));
                    } else if (name.startsWith("BOOT-INF/lib/worker-kit-")) {
                        variables.addAll(ofLibrary(in));
                    }
                }
            }
        }
        return variables;
    }

    private static Set<String> ofLibrary(InputStream jar) throws IOException {
        Set<String> variables = new TreeSet<>();
        JarInputStream entries = new JarInputStream(jar);
        for (JarEntry entry = entries.getNextJarEntry(); entry != null; entry = entries.getNextJarEntry()) {
            if (entry.getName().endsWith(".class")) {
                variables.addAll(of(ClassFile.of().parse(entries.readAllBytes())));
            }
        }
        return variables;
    }

    /** The one jar of a module that was built. */
    static Path jar(Path home, String module) throws IOException {
        try (Stream<Path> files = Files.list(home.resolve(module).resolve("target"))) {
            return files.filter(
                            it -> it.getFileName().toString().matches(module + "-[0-9].*(?<!-tests|-sources)\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(module + " is not built"));
        }
    }

    private static List<String> of(ClassModel type) {
        Optional<String> prefix = type.findAttribute(Attributes.runtimeVisibleAnnotations())
                .map(RuntimeVisibleAnnotationsAttribute::annotations)
                .flatMap(all -> all.stream()
                        .filter(it -> it.className().equalsString(ANNOTATION))
                        .findFirst())
                .flatMap(ServiceProperties::prefix);
        List<String> variables = new ArrayList<>();
        for (RecordComponentInfo component : type.findAttribute(Attributes.record())
                .map(RecordAttribute::components)
                .orElse(List.of())) {
            // Relaxed binding: dots become underscores, dashes vanish or become underscores; we write the latter.
            prefix.map(it -> it + "." + component.name().stringValue().replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-"))
                    .map(it -> it.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_"))
                    .ifPresent(variables::add);
        }
        return variables;
    }

    private static Optional<String> prefix(Annotation annotation) {
        return annotation.elements().stream()
                .filter(it -> it.name().equalsString("value") || it.name().equalsString("prefix"))
                .map(AnnotationElement::value)
                .map(it -> ((AnnotationValue.OfString) it).stringValue())
                .findFirst();
    }
}
