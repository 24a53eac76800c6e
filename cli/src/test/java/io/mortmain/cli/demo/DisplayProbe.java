package io.mortmain.cli.demo;

import java.io.PrintWriter;

/** A process that says by which display a demo with so many workers would be seen on its standard output. */
public final class DisplayProbe {
    private DisplayProbe() {}

    public static void main(String[] arguments) {
        Display display = Display.on(new PrintWriter(System.out), Integer.parseInt(arguments[0]));
        System.out.println(display.getClass().getSimpleName());
    }
}
