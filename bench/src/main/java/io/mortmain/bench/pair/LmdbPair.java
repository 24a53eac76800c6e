package io.mortmain.bench.pair;

import io.mortmain.bench.peer.PairLoop;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.Txn;

/** LMDB by lmdbjava: both numbers in one value, written in place, in write transactions that are not synced to a disk. */
final class LmdbPair implements SharedPair {
    private static final long MAP_SIZE = 1 << 20;
    private static final int SECOND = Long.BYTES;
    private static final int SIZE = 2 * Long.BYTES;

    private final Env<ByteBuffer> env;
    private final Dbi<ByteBuffer> database;
    private final ByteBuffer key = ByteBuffer.allocateDirect(Integer.BYTES).putInt(0, 1);

    LmdbPair(Path path) throws Exception {
        Files.createDirectories(path);
        env = Env.create()
                .setMapSize(MAP_SIZE)
                .setMaxDbs(1)
                .open(path.toFile(), EnvFlags.MDB_NOSYNC, EnvFlags.MDB_WRITEMAP);
        database = env.openDbi("pair", DbiFlags.MDB_CREATE);
        try (Txn<ByteBuffer> transaction = env.txnWrite()) {
            if (database.get(transaction, key) == null) {
                place(transaction).putLong(0, SUM).putLong(SECOND, 0);
                transaction.commit();
            }
        }
    }

    private ByteBuffer value(Txn<ByteBuffer> transaction) {
        return database.get(transaction, key).order(ByteOrder.nativeOrder());
    }

    /** Where the next value goes. */
    private ByteBuffer place(Txn<ByteBuffer> transaction) {
        return database.reserve(transaction, key, SIZE).order(ByteOrder.nativeOrder());
    }

    @Override
    public void move(Runnable between) {
        try (Txn<ByteBuffer> transaction = env.txnWrite()) {
            ByteBuffer now = value(transaction);
            long first = now.getLong(0);
            long second = now.getLong(SECOND);
            ByteBuffer next = place(transaction).putLong(0, first - 1);
            between.run();
            next.putLong(SECOND, second + 1);
            transaction.commit();
        }
    }

    @Override
    public Seen look() {
        try (Txn<ByteBuffer> transaction = env.txnWrite()) {
            ByteBuffer now = value(transaction);
            return new Seen(false, now.getLong(0), now.getLong(SECOND));
        }
    }

    @Override
    public PairLoop moves() {
        return count -> {
            for (int i = 0; i < count; i++) {
                move(() -> {});
            }
        };
    }

    @Override
    public void close() {
        env.close();
    }
}
