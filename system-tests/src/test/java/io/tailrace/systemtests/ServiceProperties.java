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
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

    /** @param jar a Boot jar; what services have in common lies in libraries of ours in it */
    static Set<String> variables(Path jar) throws IOException {
        Map<String, ClassModel> types = new HashMap<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : file.stream().toList()) {
                String name = entry.getName();
                try (InputStream in = file.getInputStream(entry)) {
                    if (name.startsWith("BOOT-INF/classes/io/tailrace/") && name.endsWith(".class")) {
                        add(types, in.readAllBytes());
                    } else if (name.startsWith("BOOT-INF/lib/worker-kit-")
                            || name.startsWith("BOOT-INF/lib/service-kit-")) {
                        addLibrary(types, in);
                    }
                }
            }
        }
        Set<String> variables = new TreeSet<>();
        types.values().forEach(type -> prefix(type).ifPresent(it -> expand(it, type, types, variables)));
        return variables;
    }

    private static void add(Map<String, ClassModel> types, byte[] bytes) {
        ClassModel type = ClassFile.of().parse(bytes);
        types.put(type.thisClass().asInternalName(), type);
    }

    private static void addLibrary(Map<String, ClassModel> types, InputStream jar) throws IOException {
        JarInputStream entries = new JarInputStream(jar);
        for (JarEntry entry = entries.getNextJarEntry(); entry != null; entry = entries.getNextJarEntry()) {
            if (entry.getName().endsWith(".class")) {
                add(types, entries.readAllBytes());
            }
        }
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

    private static Optional<String> prefix(ClassModel type) {
        return type.findAttribute(Attributes.runtimeVisibleAnnotations())
                .map(RuntimeVisibleAnnotationsAttribute::annotations)
                .flatMap(all -> all.stream()
                        .filter(it -> it.className().equalsString(ANNOTATION))
                        .findFirst())
                .flatMap(ServiceProperties::prefix);
    }

    /** A component that is a record of ours has its components as properties. */
    private static void expand(String prefix, ClassModel type, Map<String, ClassModel> types, Set<String> variables) {
        for (RecordComponentInfo component : type.findAttribute(Attributes.record())
                .map(RecordAttribute::components)
                .orElse(List.of())) {
            String name = prefix + "." + component.name().stringValue().replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-");
            // Relaxed binding: dots become underscores, dashes vanish or become underscores; we write the latter.
            variables.add(name.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_"));
            String descriptor = component.descriptor().stringValue();
            Optional.ofNullable(types.get(descriptor.replaceAll("^L|;$", "")))
                    .ifPresent(it -> expand(name, it, types, variables));
        }
    }

    private static Optional<String> prefix(Annotation annotation) {
        return annotation.elements().stream()
                .filter(it -> it.name().equalsString("value") || it.name().equalsString("prefix"))
                .map(AnnotationElement::value)
                .map(it -> ((AnnotationValue.OfString) it).stringValue())
                .findFirst();
    }
}
