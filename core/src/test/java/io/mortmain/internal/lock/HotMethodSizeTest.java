package io.mortmain.internal.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The JIT inlines a hot method of up to 325 bytecodes (FreqInlineSize); what must be on which side of it, see RobustProtocol. */
class HotMethodSizeTest {
    private static final int INLINED_UP_TO = 325;

    @Test
    void shouldCompileTheAcquisitionApartAndInlineTheRelease() throws IOException {
        assertThat(codeLength("lockProven")).isGreaterThan(INLINED_UP_TO);
        assertThat(codeLength("unlockUncontended")).isLessThanOrEqualTo(INLINED_UP_TO);
        assertThat(codeLength("lockUncontended")).isLessThanOrEqualTo(INLINED_UP_TO);
    }

    private static int codeLength(String method) throws IOException {
        try (InputStream bytes = RobustProtocol.class.getResourceAsStream("RobustProtocol.class")) {
            return ClassFile.of().parse(Objects.requireNonNull(bytes).readAllBytes()).methods().stream()
                    .filter(candidate -> candidate.methodName().equalsString(method))
                    .map(MethodModel::code)
                    .map(code -> ((CodeAttribute) code.orElseThrow()).codeLength())
                    .findFirst()
                    .orElseThrow();
        }
    }
}
