package io.mortmain.cli.stepper;

import java.lang.management.ManagementFactory;
import java.util.List;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** The JVM's own list of the code that it has compiled: what {@code jcmd PID Compiler.codelist} prints, asked for from inside. */
final class CodeList {
    private static final String[] NO_TYPES = {};
    private static final Object[] NO_ARGUMENTS = {};
    /** The level of the second compiler, and the state "in use". */
    private static final String LEVEL_4_IN_USE = " 4 0 ";

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

    /**
     * The code of the second compiler that is in use, a line each as the JVM has it: {@code NUMBER 4 0 METHOD [HEADER, START - END]}, with
     * hexadecimal addresses.
     */
    List<String> ofSecondCompiler() throws JMException {
        ObjectName commands = new ObjectName("com.sun.management:type=DiagnosticCommand");
        String list = (String) server.invoke(commands, "compilerCodelist", NO_ARGUMENTS, NO_TYPES);
        return list.lines().filter(line -> line.contains(LEVEL_4_IN_USE)).toList();
    }
}
