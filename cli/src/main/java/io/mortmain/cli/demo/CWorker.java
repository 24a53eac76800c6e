package io.mortmain.cli.demo;

import io.mortmain.cli.process.CCompiler;
import java.io.IOException;
import java.nio.file.Path;

/** The C worker, compiled on the spot. */
final class CWorker {
    private CWorker() {}

    /** With a sentence for people. */
    static CCompiler.Result compile(Path folder) throws IOException, InterruptedException {
        CCompiler.copyHeaders(folder);
        CCompiler.Result result = CCompiler.compile(CWorker.class, "worker", folder, "-I", folder.toString());
        return new CCompiler.Result(
                result.program(),
                result.program().isPresent()
                        ? "C workers: compiled just now with " + result.sentence() + "."
                        : result.sentence() + "; the demo goes on with Java workers only.");
    }
}
