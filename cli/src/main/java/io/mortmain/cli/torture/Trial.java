package io.mortmain.cli.torture;

import io.mortmain.cli.process.NotTried;
import java.util.List;

/** Makes one fault happen once, for one or more cells of the table. */
interface Trial {
    List<Cell> cells();

    /** Reports each cell; one that is not reported because of an exception has failed, or was not tried after {@link NotTried}. */
    void run(Site site, Report report) throws Exception;
}
