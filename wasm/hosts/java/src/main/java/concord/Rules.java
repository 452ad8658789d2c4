package concord;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** The rules of a folder, every .wasm but those for batches, which can be reloaded while they are in use. */
public final class Rules implements AutoCloseable {
    /** What stands in a file, by its hash, with why that is refused; and the rule that answers for it. */
    private record File(String seen, Rule rule) {}

    private record Key(String packageName, String version) {}

    private final Path folder;
    private final Options options;
    private final BiConsumer<Rule, Rule> onChange;
    private final BiConsumer<Path, Exception> onRefused;
    private Map<Path, File> files = Map.of();
    private volatile Map<Key, Rule> rules = Map.of();
    private ScheduledExecutorService clock;

    private Rules(Path folder, Options options, BiConsumer<Rule, Rule> onChange, BiConsumer<Path, Exception> onRefused) {
        this.folder = folder;
        this.options = options;
        this.onChange = onChange;
        this.onRefused = onRefused;
    }

    /** Loads the rules of a folder; one that is refused is an error. So is a folder that is not there or has no module: a wrong path is not to be found out by the first patient. */
    public static Rules open(Path folder, Options options) throws IOException {
        return open(folder, options, (before, after) -> {}, null);
    }

    /**
     * The same, telling of each rule that is new (null before), has changed, or has gone (null after), and of each file that is refused, which is then no error:
     * the rule that was there goes on.
     */
    public static Rules open(Path folder, Options options, BiConsumer<Rule, Rule> onChange, BiConsumer<Path, Exception> onRefused)
            throws IOException {
        Rules rules = new Rules(folder, options, onChange, onRefused);
        rules.reload();
        if (rules.files.isEmpty()) {
            throw new NoSuchFileException(folder.toString(), null, "there is no module (.wasm) in this folder");
        }
        return rules;
    }

    /** The rule of a package, in its highest version. */
    public Rule rule(String packageName) {
        return rules.entrySet().stream()
                .filter(entry -> entry.getKey().packageName().equals(packageName))
                .max(Comparator.comparing(entry -> entry.getKey().version(), Rules::compareVersions))
                .map(Map.Entry::getValue)
                .orElseThrow(() -> new NoSuchElementException("there is no rule " + packageName));
    }

    /** The rule of a package in one version. */
    public Rule get(String packageName, String version) {
        Rule rule = rules.get(new Key(packageName, version));
        if (rule == null) {
            throw new NoSuchElementException("there is no rule " + packageName + " of version " + version);
        }
        return rule;
    }

    /** All rules in use. */
    public Collection<Rule> all() {
        return List.copyOf(rules.values());
    }

    /**
     * Reads the folder again. Calls that have begun end in the rule that they began in. A file that is refused changes nothing; it is told, or thrown where
     * nobody is told, after the others have taken their places.
     */
    public synchronized void reload() throws IOException {
        Map<Path, File> now = new LinkedHashMap<>();
        Map<Key, Rule> table = new LinkedHashMap<>();
        List<Exception> wrong = new ArrayList<>();
        for (Path path : modules()) {
            File before = files.getOrDefault(path, new File("", null));
            File next = before;
            try {
                next = look(path, before);
                if (taken(table, next.rule())) {
                    String seen = next.seen();
                    next = new File(seen, taken(table, before.rule()) ? null : before.rule());
                    throw new RuleRefused("twice", "another file has another module of the same package and version");
                }
            } catch (RuleRefused | IOException refused) {
                next = new File(seen(path) + " " + refused.getMessage(), next.rule());
                wrong.add(refused instanceof RuleRefused of ? new RuleRefused(of.code(), path + ": " + of.why(), of) : refused);
                if (onRefused != null && !next.seen().equals(before.seen())) {
                    onRefused.accept(path, refused);
                }
            }
            now.put(path, next);
            if (next.rule() != null) {
                table.put(key(next.rule()), next.rule());
            }
        }
        Map<Path, File> before = files;
        files = now;
        rules = table;
        tell(before, now);
        if (!wrong.isEmpty() && onRefused == null) {
            if (wrong.get(0) instanceof RuleRefused refused) {
                throw refused;
            }
            throw (IOException) wrong.get(0);
        }
    }

    /** What stands in a file, by its hash; of one that cannot be read, nothing: a link that leads nowhere, or a file that has gone since it was listed. */
    private static String seen(Path path) {
        try {
            return Loader.hash(Files.readAllBytes(path));
        } catch (IOException unread) {
            return "";
        }
    }

    private List<Path> modules() throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, "*.wasm")) {
            stream.forEach(path -> {
                if (!path.toString().endsWith(".batch.wasm") && !path.getFileName().toString().startsWith(".")) {
                    found.add(path);
                }
            });
        }
        found.sort(Comparator.comparing(path -> path.toString().replaceFirst("\\.wasm$", "")));
        return found;
    }

    /** What a file is from now on. */
    private File look(Path path, File before) throws IOException {
        if (before.rule() != null && Loader.hash(Files.readAllBytes(path)).equals(before.rule().info().sha256())) {
            return new File(before.rule().info().sha256(), before.rule());
        }
        Rule rule = Rule.load(path, options);
        return new File(rule.info().sha256(), rule);
    }

    private void tell(Map<Path, File> before, Map<Path, File> now) {
        Set<Path> paths = new LinkedHashSet<>(now.keySet());
        paths.addAll(before.keySet());
        for (Path path : paths) {
            Rule old = before.containsKey(path) ? before.get(path).rule() : null;
            Rule fresh = now.containsKey(path) ? now.get(path).rule() : null;
            if (old != fresh) {
                onChange.accept(old, fresh);
            }
        }
    }

    /** Reloads again and again, until the rules are closed. */
    public synchronized void watch(Duration every) {
        if (clock != null) {
            return;
        }
        clock = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "concord rules");
            thread.setDaemon(true);
            return thread;
        });
        Runnable look = () -> {
            try {
                reload();
            } catch (IOException | RuntimeException error) { // the watch goes on
                if (onRefused != null) {
                    onRefused.accept(folder, error);
                }
            }
        };
        clock.scheduleWithFixedDelay(look, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends the watch. The rules can be used on. */
    @Override
    public synchronized void close() {
        if (clock != null) {
            clock.shutdown();
        }
    }

    private static Key key(Rule rule) {
        return new Key(rule.info().packageName(), rule.info().version());
    }

    /** Whether another module has a rule's package and version. */
    private static boolean taken(Map<Key, Rule> table, Rule rule) {
        Rule other = rule == null ? null : table.get(key(rule));
        return other != null && !other.info().sha256().equals(rule.info().sha256());
    }

    /** 1.10.0 is above 1.9.0. */
    private static int compareVersions(String one, String other) {
        return Arrays.compare(numbers(one), numbers(other));
    }

    private static long[] numbers(String version) {
        return Arrays.stream(version.split("\\.")).mapToLong(part -> part.matches("\\d{1,18}") ? Long.parseLong(part) : 0).toArray();
    }
}
