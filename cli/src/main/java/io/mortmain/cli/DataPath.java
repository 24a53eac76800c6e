package io.mortmain.cli;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Where a part of a record stands in it, such as {@code orders[3].price}: in a map by the field's name, in a list by the index. */
final class DataPath {
    private static final Pattern INDEX = Pattern.compile("\\[([0-9]{1,9})]");

    private static final String EACH = "[*]";

    private final Object container;
    private final Object key;

    private DataPath(Object container, Object key) {
        this.container = container;
        this.key = key;
    }

    /**
     * The place.
     *
     * @param record of fields, as the library gives them
     * @param path a field's name, and what is behind it
     * @throws NotFoundException where the record has no such place
     */
    static DataPath find(Map<String, Object> record, String path) {
        Object container = record;
        String rest = "." + path;
        while (true) {
            DataPath place = step(container, rest, path);
            String done = place.key instanceof Integer index ? "[" + index + "]" : "." + place.key;
            rest = rest.substring(done.length());
            if (rest.isEmpty()) {
                return place;
            }
            container = place.value();
        }
    }

    /**
     * The places that a path means in which {@code [*]} stands for each element, by their paths, in order; others mean one.
     *
     * @throws NotFoundException where the record has no such place
     */
    static Map<String, DataPath> findAll(Map<String, Object> record, String path) {
        Map<String, DataPath> places = new LinkedHashMap<>();
        int each = path.indexOf(EACH);
        Object list = each <= 0 ? null : find(record, path.substring(0, each)).value();
        if (list instanceof List<?> elements) {
            for (int i = 0; i < elements.size(); i++) {
                String element = path.substring(0, each) + "[" + i + "]" + path.substring(each + EACH.length());
                places.putAll(findAll(record, element));
            }
        } else {
            places.put(path, find(record, path));
        }
        return places;
    }

    /**
     * What stands at a path; where {@code [*]} stands for each element, a list of what each has there.
     *
     * @throws NotFoundException where the record has no such place
     */
    static Object valueOf(Map<String, Object> record, String path) {
        int each = path.indexOf(EACH);
        Object list = each <= 0 ? null : find(record, path.substring(0, each)).value();
        if (!(list instanceof List<?> elements)) {
            return find(record, path).value();
        }
        String rest = path.substring(each + EACH.length());
        return rest.isEmpty()
                ? elements
                : IntStream.range(0, elements.size())
                        .mapToObj(i -> valueOf(record, path.substring(0, each) + "[" + i + "]" + rest))
                        .toList();
    }

    /** The paths of all values that have no parts. */
    static Set<String> values(Map<String, Object> record) {
        Set<String> paths = new LinkedHashSet<>();
        record.forEach((field, value) -> addValues(field, value, paths));
        return paths;
    }

    private static void addValues(String path, Object value, Set<String> paths) {
        switch (value) {
            case Map<?, ?> map -> map.forEach((field, part) -> addValues(path + "." + field, part, paths));
            case List<?> list -> {
                for (int i = 0; i < list.size(); i++) {
                    addValues(path + "[" + i + "]", list.get(i), paths);
                }
            }
            default -> paths.add(path);
        }
    }

    private static DataPath step(Object container, String rest, String path) {
        if (container instanceof List<?> list) {
            Matcher index = INDEX.matcher(rest);
            if (index.lookingAt() && isPlain(index.group(1)) && Integer.parseInt(index.group(1)) < list.size()) {
                return new DataPath(list, Integer.valueOf(index.group(1)));
            }
            throw new NotFoundException("There is no " + path + ": " + before(path, rest) + " has elements [0] to ["
                    + (list.size() - 1) + "]");
        }
        if (container instanceof Map<?, ?> map) {
            return map.keySet().stream()
                    .map(String::valueOf)
                    .filter(field -> rest.startsWith(".") && ObjectName.begins(rest.substring(1), field))
                    .max(Comparator.comparingInt(String::length))
                    .map(field -> new DataPath(map, field))
                    .orElseThrow(() -> new NotFoundException("There is no " + path + ": " + before(path, rest)
                            + " has the fields "
                            + String.join(
                                    ", ",
                                    map.keySet().stream().map(String::valueOf).toList())));
        }
        throw new NotFoundException("There is no " + path + ": " + before(path, rest) + " has no parts");
    }

    private static boolean isPlain(String digits) {
        return digits.length() == 1 || digits.charAt(0) != '0';
    }

    /** What was found of the path. */
    private static String before(String path, String rest) {
        String found = path.substring(0, Math.max(0, path.length() - rest.length()));
        return found.isEmpty() ? "the record" : found;
    }

    /** What is there. */
    Object value() {
        return key instanceof Integer index
                ? ((List<?>) container).get(index)
                : Objects.requireNonNull(((Map<?, ?>) container).get(key));
    }

    /** Puts something else there; map and list are those of a copy. */
    @SuppressWarnings("unchecked") // the library gives maps from names, and lists, of objects
    void set(Object value) {
        if (key instanceof Integer index) {
            ((List<Object>) container).set(index, value);
        } else {
            ((Map<String, Object>) container).put((String) key, value);
        }
    }
}
