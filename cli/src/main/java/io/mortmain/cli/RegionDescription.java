package io.mortmain.cli;

import io.mortmain.MutexSnapshot;
import io.mortmain.MutexSnapshot.RecordedHolder;
import io.mortmain.RegionSnapshot;
import io.mortmain.RegionSnapshot.NamedObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One region in full: header, objects, and each mutex field by field. */
final class RegionDescription {
    private RegionDescription() {}

    /** For people. */
    static List<String> text(RegionSnapshot region) {
        List<String> lines = new ArrayList<>();
        lines.add("region    " + Printable.of(region.path().toString()));
        lines.add("size      " + region.fileSize() + " bytes, " + region.capacity() + " of them for objects");
        region.firstCapacity()
                .ifPresent(first -> lines.add("grows     space for " + first
                        + " bytes of objects was reserved at creation, and for the rest is when they need it"));
        if (region.severalPidNamespaces()) {
            lines.add("for       several PID namespaces; not for C programs");
        }
        lines.add("created   " + Printable.time(region.created()));
        lines.add("owner     user " + region.userId() + ", mode " + String.format(Locale.ROOT, "%04o", region.mode()));
        lines.add(
                "usable    " + region.unusableBecause().map(why -> "no: " + why).orElse("yes"));
        lines.add("objects   " + region.objects().size() + " of at most " + region.maxObjects());
        for (NamedObject object : region.objects()) {
            lines.add("");
            lines.add(String.format(Locale.ROOT, "%-10s", words(object.kind())) + Printable.of(object.name()));
            lines.add("  at      " + object.offset() + ", " + object.size() + " bytes");
            object.mutex().ifPresent(mutex -> lines.addAll(text(mutex)));
            lines.addAll(DataDescription.text(object));
        }
        return lines;
    }

    private static List<String> text(MutexSnapshot mutex) {
        return List.of(
                "  state   " + inWords(mutex),
                String.format(
                        Locale.ROOT,
                        "  lock    0x%08x  %s%s",
                        mutex.word(),
                        holder(mutex),
                        mutex.waiters() ? ", somebody may sleep on it" : ""),
                String.format(Locale.ROOT, "  kind    0x%08x  %s", mutex.kindWord(), words(mutex.kind())),
                "  count   " + Integer.toUnsignedString(mutex.count()),
                String.format(Locale.ROOT, "  owner   0x%08x  (%d)", mutex.owner(), mutex.owner()),
                "  nusers  " + Integer.toUnsignedString(mutex.users()),
                String.format(Locale.ROOT, "  prev    0x%x", mutex.previous()),
                String.format(Locale.ROOT, "  next    0x%x", mutex.next()),
                "  seen    by Java: " + mutex.contended() + " contended acquisitions, " + mutex.deaths()
                        + " deaths told, " + mutex.recoveries() + " recoveries");
    }

    private static String holder(MutexSnapshot mutex) {
        return mutex.recordedHolder()
                .map(RegionDescription::words)
                .orElse(mutex.holder().isPresent() ? "thread " + mutex.holder().getAsInt() : "no thread");
    }

    private static String words(RecordedHolder holder) {
        String process = holder.processId().isEmpty()
                ? "another than has it now"
                : holder.processId().getAsInt() + " of PID namespace " + holder.pidNamespace();
        return "owner record " + holder.record() + ", thread " + holder.thread() + " (process " + process
                + (holder.alive() ? ")" : ", which has ended: the next to wait will be told)");
    }

    private static String inWords(MutexSnapshot mutex) {
        return switch (mutex.state()) {
            case FREE -> "free";
            case HELD -> "held";
            case HELD_INCONSISTENT -> "held by one who was told of a death and has not yet repaired";
            case OWNER_DIED -> "the holder died; the next one will be told";
            case NOT_RECOVERABLE -> "not recoverable; see mortmain reset";
        };
    }

    private static String words(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** What is known of the region without its objects, for programs. */
    static Map<String, Object> header(RegionSnapshot region) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("path", region.path().toString());
        json.put("size", region.fileSize());
        json.put("capacity", region.capacity());
        region.firstCapacity().ifPresent(first -> json.put("firstCapacity", first));
        json.put("objectCount", region.objects().size());
        json.put("maxObjects", region.maxObjects());
        if (region.severalPidNamespaces()) {
            json.put("severalPidNamespaces", true);
        }
        json.put("created", region.created().toString());
        json.put("userId", region.userId());
        json.put("mode", String.format(Locale.ROOT, "%04o", region.mode()));
        json.put("usable", region.unusableBecause().isEmpty());
        region.unusableBecause().ifPresent(why -> json.put("reason", why));
        return json;
    }

    /** The region in full, for programs. */
    static Map<String, Object> json(RegionSnapshot region) {
        Map<String, Object> json = header(region);
        json.put(
                "objects",
                region.objects().stream().map(RegionDescription::json).toList());
        return json;
    }

    private static Map<String, Object> json(NamedObject object) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", object.name());
        json.put("type", words(object.kind()));
        json.put("offset", object.offset());
        json.put("size", object.size());
        object.mutex().ifPresent(mutex -> json.put("mutex", json(mutex)));
        json.putAll(DataDescription.json(object));
        return json;
    }

    private static Map<String, Object> json(RecordedHolder holder) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("record", holder.record());
        json.put("thread", holder.thread());
        json.put("alive", holder.alive());
        json.put(
                "processId", holder.processId().isPresent() ? holder.processId().getAsInt() : null);
        json.put("pidNamespace", holder.pidNamespace());
        return json;
    }

    private static Map<String, Object> json(MutexSnapshot mutex) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("state", words(mutex.state()));
        json.put("holder", mutex.holder().isPresent() ? mutex.holder().getAsInt() : null);
        mutex.recordedHolder().ifPresent(holder -> json.put("recordedHolder", json(holder)));
        json.put("waiters", mutex.waiters());
        json.put("lock", Integer.toUnsignedLong(mutex.word()));
        json.put("kind", words(mutex.kind()));
        json.put("kindWord", Integer.toUnsignedLong(mutex.kindWord()));
        json.put("count", Integer.toUnsignedLong(mutex.count()));
        json.put("owner", Integer.toUnsignedLong(mutex.owner()));
        json.put("nusers", Integer.toUnsignedLong(mutex.users()));
        json.put("prev", Long.toUnsignedString(mutex.previous(), 16));
        json.put("next", Long.toUnsignedString(mutex.next(), 16));
        json.put("contended", mutex.contended());
        json.put("deaths", mutex.deaths());
        json.put("recoveries", mutex.recoveries());
        return json;
    }
}
