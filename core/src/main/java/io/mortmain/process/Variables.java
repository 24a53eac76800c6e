package io.mortmain.process;

import io.mortmain.errors.SpawnException;
import io.mortmain.errors.SpawnException.Reason;
import io.mortmain.internal.linux.ProcessEnvironment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** An environment: variables as NAME=value, byte for byte as they came. Not thread-safe. */
final class Variables {
    private static final List<byte[]> OWN = ProcessEnvironment.read();

    private final List<byte[]> all;

    private Variables(List<byte[]> all) {
        this.all = new ArrayList<>(all);
    }

    /** Of this process when it was first asked for, as Java's is; without the names of the descriptors that it was started with. */
    static Variables own() {
        Variables own = new Variables(OWN);
        own.withoutDescriptors();
        return own;
    }

    /** Empty where this process has no such variable; its value may be empty too. */
    static Optional<byte[]> ownValue(String name) {
        byte[] prefix = Bytes.of(name + "=", "the name of a variable");
        return OWN.stream()
                .filter(variable -> beginsWith(variable, prefix))
                .findFirst()
                .map(variable -> Arrays.copyOfRange(variable, prefix.length, variable.length));
    }

    void clear() {
        all.clear();
    }

    void addAll(List<byte[]> variables) {
        for (byte[] variable : variables) {
            all.add(Bytes.requireNoNul(variable, "a variable").clone());
        }
    }

    void put(String name, String value) {
        Objects.requireNonNull(value, "value");
        byte[] bytes = name(name);
        remove(bytes);
        all.add(concatenate(bytes, Bytes.of("=" + value, "the value of the variable " + name)));
    }

    void remove(String name) {
        remove(name(name));
    }

    private void remove(byte[] name) {
        byte[] prefix = concatenate(name, new byte[] {'='});
        all.removeIf(variable -> beginsWith(variable, prefix));
    }

    List<byte[]> list() {
        return List.copyOf(all);
    }

    /** With the names of the descriptors that the child is given: these and no others, whatever the environment says of them. */
    List<byte[]> withDescriptors(String names) {
        Variables child = new Variables(all);
        child.withoutDescriptors();
        if (!names.isEmpty()) {
            child.all.add(Bytes.of(Inherited.VARIABLE + "=" + names, "the names of descriptors"));
        }
        return child.list();
    }

    private void withoutDescriptors() {
        remove(Bytes.of(Inherited.VARIABLE, "the name of a variable"));
    }

    private static byte[] name(String name) {
        if (name.isEmpty() || name.indexOf('=') >= 0) {
            throw new SpawnException(
                    Reason.INVALID_ARGUMENT,
                    "\"" + name + "\" cannot name a variable; give a name that is not empty and has no = in it");
        }
        return Bytes.of(name, "the name of a variable");
    }

    private static byte[] concatenate(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static boolean beginsWith(byte[] bytes, byte[] prefix) {
        return bytes.length >= prefix.length && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }
}
