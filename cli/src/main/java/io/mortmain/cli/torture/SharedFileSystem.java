package io.mortmain.cli.torture;

import io.mortmain.cli.process.CCompiler;
import io.mortmain.cli.process.NotTried;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Fault D13: a file system that other kernels may share. FUSE can be served here by a C program, in a mount namespace of its own. */
final class SharedFileSystem {
    private static final String REFUSED = "UNSUPPORTED_FILE_SYSTEM, by its name";
    private static final Path DEVICE = Path.of("/dev/fuse");

    private SharedFileSystem() {}

    static Row row() {
        return new Row(
                "D13",
                "a file system that other kernels share",
                List.of(
                        new OneCell("Java opens, on FUSE (virtiofs has its number)", REFUSED, SharedFileSystem::open),
                        new OneCell("Java creates, on FUSE", REFUSED, SharedFileSystem::create),
                        new Untried(
                                Cell.alone("Java, on NFS, 9p or ceph", REFUSED),
                                "a server of such a file system, and a kernel with it, are needed")));
    }

    private static String open(Site site) throws Exception {
        return onFuse(site, "map 0 %s/region m0");
    }

    private static String create(Site site) throws Exception {
        return onFuse(site, "deed create-region %s/another");
    }

    private static String onFuse(Site site, String order) throws Exception {
        Privileges.requireNamespaces("--mount");
        if (!Files.isWritable(DEVICE)) {
            throw new NotTried(DEVICE + " is missing or may not be used");
        }
        Path own = Files.createDirectory(site.folder().resolve(site.unique()));
        Path mount = Files.createDirectory(own.resolve("mount"));
        CCompiler.Result server = CCompiler.compile(Site.class, "fuse_root", own);
        String program = server.program()
                .orElseThrow(() -> new NotTried(server.sentence()))
                .toString();
        List<String> wrapper = List.of("unshare", "--mount", "--propagation", "private", program, mount.toString());
        try (Hand hand = site.wrapped(wrapper)) {
            Answer answer = hand.ask("1", order.formatted(mount));
            return answer.text().contains("FUSE or virtiofs")
                    ? answer.code() + ", by its name"
                    : answer.code() + " | " + answer.text();
        }
    }
}
