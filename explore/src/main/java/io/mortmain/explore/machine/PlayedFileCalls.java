package io.mortmain.explore.machine;

import io.mortmain.explore.machine.Access.Kind;
import io.mortmain.internal.words.FileCalls;

/**
 * The seam for files over the simulated machine: each call that has to do with others becomes a question of the player. An open file is a
 * number. All is on one file system, and of one user, which nobody can change; so the code is told without a question.
 */
final class PlayedFileCalls extends FileCalls<Integer> {
    private static final long TMPFS = 0x01021994L;
    private static final int USER = 1_000;
    private static final int DEVICE = 1;

    private final Player player;

    PlayedFileCalls(Player player) {
        this.player = player;
    }

    private int ask(Kind call, int file, long first, String name, String object) {
        long answer = player.ask(call, file, first, 0);
        if (answer < 0) {
            throw failure(name, object, (int) -answer);
        }
        return (int) answer;
    }

    @Override
    public Integer nameless(String folder) {
        return ask(Kind.NAMELESS, 0, 0, "open", folder);
    }

    @Override
    public Integer existing(String path) {
        return ask(Kind.OPEN, 0, FileSystem.nameAt(path), "open", path);
    }

    @Override
    public Integer existingReadOnly(String path) {
        return existing(path);
    }

    @Override
    public long fileSystemType(Integer file) {
        return TMPFS;
    }

    @Override
    public void reserve(Integer file, long offset, long size) {
        ask(Kind.RESERVE, file, offset + size, "fallocate", "a file");
    }

    @Override
    public void write(Integer file, long offset, byte[] bytes) {
        player.ask(Kind.WRITE, file, Contents.part(offset, bytes).number(), 0);
    }

    @Override
    public byte[] read(Integer file, long offset, int size) {
        return Contents.of(player.ask(Kind.READ, file, 0, 0)).read(offset, size);
    }

    @Override
    public void setGroup(Integer file, int groupId) {
        player.ask(Kind.SET_GROUP, file, groupId, 0);
    }

    @Override
    public void setMode(Integer file, int mode) {
        player.ask(Kind.SET_MODE, file, mode, 0);
    }

    @Override
    public Status status(Integer file) {
        return new Status(true, USER, player.ask(Kind.STATUS, file, 0, 0), DEVICE, file);
    }

    @Override
    public void linkTo(Integer file, String name) {
        ask(Kind.LINK, file, FileSystem.nameAt(name), "linkat", name);
    }

    @Override
    public void unlink(String path) {
        ask(Kind.UNLINK, 0, FileSystem.nameAt(path), "unlink", path);
    }

    @Override
    public void close(Integer file) {
        player.ask(Kind.CLOSE, file, 0, 0);
    }

    @Override
    public int effectiveUserId() {
        return USER;
    }

    @Override
    public void pause() {
        player.ask(Kind.PAUSE, 0, 0, LONGEST_PAUSE_NANOS);
    }
}
