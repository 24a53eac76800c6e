package io.mortmain.internal.record;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Composes the handles of a record class: a constructor whose arguments are read at constant places, and accessors whose values are
 * written there. Places are bound here, so that a handle's only other argument is the memory.
 */
final class RecordCompiler {
    private static final Lookup OWN = MethodHandles.lookup();
    private static final MethodHandle ZERO =
            own(Scalars.class, "zero", void.class, long.class, long.class, long[].class, long.class);
    private static final MethodHandle TEXT_AT =
            own(Texts.class, "textAt", String.class, String.class, long.class, int.class, long[].class, long.class);
    private static final MethodHandle PUT_TEXT = own(
            Texts.class,
            "put",
            void.class,
            String.class,
            long.class,
            int.class,
            long[].class,
            long.class,
            String.class);
    private static final MethodHandle ARRAY_AT = own(
            Elements.class, "arrayAt", Object.class, ScalarType.class, long.class, int.class, long[].class, long.class);
    private static final MethodHandle PUT_ARRAY = own(
            Elements.class,
            "putArray",
            void.class,
            String.class,
            ScalarType.class,
            long.class,
            int.class,
            long[].class,
            long.class,
            Object.class);
    private static final MethodHandle RECORDS_AT = own(
            Elements.class,
            "recordsAt",
            Object[].class,
            MethodHandle.class,
            Class.class,
            long.class,
            int.class,
            long.class,
            long[].class,
            long.class);
    private static final MethodHandle PUT_RECORDS = own(
            Elements.class,
            "putRecords",
            void.class,
            MethodHandle.class,
            String.class,
            long.class,
            int.class,
            long.class,
            long[].class,
            long.class,
            Object[].class);
    private static final MethodHandle PRESENT =
            own(Elements.class, "present", Object.class, String.class, Object.class);

    private RecordCompiler() {}

    static Codec<?> compile(Class<?> type) {
        Schema schema = SchemaOfRecord.of(type);
        MethodHandle decode = decoder(type, schema.name(), schema.fields(), 0);
        MethodHandle present = MethodHandles.insertArguments(PRESENT, 0, schema.name());
        MethodHandle encode = encoder(type, schema.name(), schema.fields(), 0, schema.size());
        encode = MethodHandles.filterArguments(encode, 2, present.asType(MethodType.methodType(type, Object.class)));
        List<Object> handles = List.of(
                fromBeginning(decode.asType(decode.type().changeReturnType(Object.class))), fromBeginning(encode));
        try (InputStream template = RecordCodec.class.getResourceAsStream("RecordCodec.class")) {
            if (template == null) {
                throw new IllegalStateException("the library is incomplete: RecordCodec.class cannot be read");
            }
            Lookup made = OWN.defineHiddenClassWithClassData(template.readAllBytes(), handles, true);
            MethodType constructor = MethodType.methodType(void.class, Schema.class);
            return (Codec<?>) made.findConstructor(made.lookupClass(), constructor)
                    .asType(MethodType.methodType(Codec.class, Schema.class))
                    .invokeExact(schema);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (RuntimeException | Error failed) {
            throw failed;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static MethodHandle fromBeginning(MethodHandle coder) {
        return MethodHandles.insertArguments(coder, 1, 0L);
    }

    /** (words, where the record begins) to the record. */
    private static MethodHandle decoder(Class<?> type, String path, List<Field> fields, long offset) {
        RecordComponent[] components = type.getRecordComponents();
        MethodHandle made = constructor(type, components);
        for (int i = components.length - 1; i >= 0; i--) {
            Field field = fields.get(i);
            Class<?> component = components[i].getType();
            MethodHandle value = reader(component, path + "." + field.name(), field, offset + field.offset());
            made = MethodHandles.collectArguments(
                    made, i, value.asType(value.type().changeReturnType(component)));
        }
        return MethodHandles.permuteArguments(
                made,
                MethodType.methodType(type, long[].class, long.class),
                IntStream.range(0, 2 * components.length).map(i -> i % 2).toArray());
    }

    private static MethodHandle reader(Class<?> type, String path, Field field, long at) {
        return switch (field) {
            case Field.Scalar _ ->
                MethodHandles.insertArguments(
                        own(Scalars.class, type.getName() + "At", type, long.class, long[].class, long.class), 0, at);
            case Field.Text text -> MethodHandles.insertArguments(TEXT_AT, 0, path, at, text.capacity());
            case Field.Scalars array -> MethodHandles.insertArguments(ARRAY_AT, 0, array.type(), at, array.count());
            case Field.Group group -> decoder(type, path, group.fields(), at);
            case Field.Groups groups -> {
                MethodHandle element = decoder(type.getComponentType(), path, groups.fields(), 0);
                yield MethodHandles.insertArguments(
                        RECORDS_AT,
                        0,
                        element.asType(element.type().changeReturnType(Object.class)),
                        type.getComponentType(),
                        at,
                        groups.count(),
                        groups.stride());
            }
        };
    }

    /** (words, where the record begins, record) to nothing. */
    private static MethodHandle encoder(Class<?> type, String path, List<Field> fields, long offset, long size) {
        List<MethodHandle> steps = new ArrayList<>();
        RecordComponent[] components = type.getRecordComponents();
        for (int i = 0; i < components.length; i++) {
            Field field = fields.get(i);
            Class<?> component = components[i].getType();
            String inner = path + "." + field.name();
            MethodHandle value = accessor(type, components[i]);
            if (!component.isPrimitive()) {
                MethodHandle present = MethodHandles.insertArguments(PRESENT, 0, inner);
                value = MethodHandles.filterReturnValue(
                        value, present.asType(MethodType.methodType(component, component)));
            }
            MethodHandle writer = writer(component, inner, field, offset + field.offset());
            writer = writer.asType(writer.type().changeParameterType(2, component));
            steps.add(MethodHandles.filterArguments(writer, 2, value));
        }
        for (Gaps.Gap gap : Gaps.between(fields, size)) {
            MethodHandle zero = MethodHandles.insertArguments(ZERO, 0, offset + gap.offset(), gap.size());
            steps.add(MethodHandles.dropArguments(zero, 2, type));
        }
        return oneAfterTheOther(steps);
    }

    private static MethodHandle writer(Class<?> type, String path, Field field, long at) {
        return switch (field) {
            case Field.Scalar _ ->
                MethodHandles.insertArguments(
                        own(Scalars.class, "put", void.class, long.class, long[].class, long.class, type), 0, at);
            case Field.Text text -> MethodHandles.insertArguments(PUT_TEXT, 0, path, at, text.capacity());
            case Field.Scalars array ->
                MethodHandles.insertArguments(PUT_ARRAY, 0, path, array.type(), at, array.count());
            case Field.Group group -> encoder(type, path, group.fields(), at, group.size());
            case Field.Groups groups -> {
                MethodHandle element = encoder(type.getComponentType(), path, groups.fields(), 0, groups.stride());
                yield MethodHandles.insertArguments(
                        PUT_RECORDS,
                        0,
                        element.asType(element.type().changeParameterType(2, Object.class)),
                        path,
                        at,
                        groups.count(),
                        groups.stride());
            }
        };
    }

    /** As a tree: the JIT gives up inlining where calls are nested too deep, and a record may have many components. */
    private static MethodHandle oneAfterTheOther(List<MethodHandle> steps) {
        if (steps.size() == 1) {
            return steps.getFirst();
        }
        int half = steps.size() / 2;
        return MethodHandles.foldArguments(
                oneAfterTheOther(steps.subList(half, steps.size())), oneAfterTheOther(steps.subList(0, half)));
    }

    private static MethodHandle constructor(Class<?> type, RecordComponent[] components) {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            // a varargs constructor takes its array here
            return lookup(type)
                    .findConstructor(type, MethodType.methodType(void.class, types))
                    .asFixedArity();
        } catch (ReflectiveOperationException impossible) {
            throw new LinkageError(impossible.getMessage(), impossible);
        }
    }

    private static MethodHandle accessor(Class<?> type, RecordComponent component) {
        try {
            return lookup(type).unreflect(component.getAccessor());
        } catch (IllegalAccessException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static Lookup lookup(Class<?> type) {
        Module module = type.getModule();
        RecordCompiler.class.getModule().addReads(module);
        try {
            return MethodHandles.privateLookupIn(type, OWN);
        } catch (IllegalAccessException closed) {
            throw new RegionException(
                    Reason.INVALID_ARGUMENT,
                    type.getTypeName() + " cannot be read and constructed: its module " + module.getName()
                            + " does not open it; add `opens " + type.getPackageName()
                            + " to io.mortmain;` to its module-info",
                    closed);
        }
    }

    private static MethodHandle own(Class<?> in, String name, Class<?> returned, Class<?>... parameters) {
        try {
            return OWN.findStatic(in, name, MethodType.methodType(returned, parameters));
        } catch (ReflectiveOperationException impossible) {
            throw new LinkageError(impossible.getMessage(), impossible);
        }
    }
}
