package io.mortmain.bench.jmh;

import io.mortmain.Region;
import io.mortmain.RobustMutex;
import io.mortmain.bench.peer.Belongings;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A region with two free mutexes, for the time of one trial. */
@State(Scope.Benchmark)
public class Regions {
    RobustMutex first;
    RobustMutex second;
    private Region region;

    /** Makes it. */
    @Setup(Level.Trial)
    public void create() {
        region = Region.create(Belongings.name(), 0);
        first = region.mutex("first");
        second = region.mutex("second");
    }

    /** Removes it. */
    @TearDown(Level.Trial)
    public void delete() {
        region.close();
        Region.delete(region.path().toString());
    }
}
