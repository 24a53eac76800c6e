package io.mortmain.stress.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Access to fields of a test in a memory order of choice. */
final class Fields {
    private Fields() {}

    static VarHandle handle(Class<?> of, String name, Class<?> type) {
        try {
            return MethodHandles.privateLookupIn(of, MethodHandles.lookup()).findVarHandle(of, name, type);
        } catch (ReflectiveOperationException misnamed) {
            throw new LinkageError(name, misnamed);
        }
    }
}
