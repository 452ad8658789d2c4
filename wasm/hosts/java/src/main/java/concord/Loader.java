package concord;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import run.endive.compiler.InterpreterFallback;
import run.endive.compiler.MachineFactoryCompiler;
import run.endive.runtime.Instance;
import run.endive.runtime.Machine;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmModule;

/** A module is checked before it is trusted. */
final class Loader {
    private static final long INTERFACE = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final List<String> JSON = List.of(
            "evaluate_batch", "alloc", "reset", "evaluate_json", "explain_json", "configure_json", "json_out", "json_out_bytes", "self_test", "describe", "describe_bytes");

    private Loader() {}

    static Rule load(Path path, Options options) throws IOException {
        byte[] module = Files.readAllBytes(path);
        String name = path.getFileName().toString().replaceFirst("\\.[^.]*$", "");
        byte[] beside;
        try {
            beside = Files.readAllBytes(path.resolveSibling(name + ".manifest.json"));
        } catch (NoSuchFileException none) {
            return load(module, options);
        }
        if (!hash(module).equals(named(beside))) {
            throw new RuleRefused("sha256", "it is not the module that the manifest beside it names");
        }
        return load(module, options);
    }

    /** The hash that a manifest names, or null. */
    private static Object named(byte[] manifest) {
        try {
            return Json.object(Json.object(Json.read(manifest)).get("module")).get("sha256");
        } catch (RuntimeException error) {
            return null;
        }
    }

    static Rule load(byte[] bytes, Options options) {
        String sha256 = hash(bytes);
        if (options.sha256 != null && !options.sha256.equals(sha256)) {
            throw new RuleRefused("sha256", "its SHA-256 is " + sha256);
        }
        WasmModule module;
        Function<Instance, Machine> machine;
        Instance first;
        try {
            module = Parser.parse(bytes);
            if (module.importSection().importCount() > 0) {
                throw new RuleRefused("module", "it has imports");
            }
            if (module.startSection().isPresent()) {
                throw new RuleRefused("module", "something of it would run before it is asked: it is no module of a rule");
            }
            machine = MachineFactoryCompiler.builder(module).withInterpreterFallback(InterpreterFallback.SILENT).compile();
            first = Instance.builder(module).withMachineFactory(machine).build();
        } catch (RuleRefused refused) {
            throw refused;
        } catch (RuntimeException | LinkageError | StackOverflowError | OutOfMemoryError error) {
            throw new RuleRefused("module", "it is no module of WebAssembly that runs here", error);
        }
        holdToInterface(module, first);
        Running running = refusedFor("json", "a function of it is none", () -> new Running(first));
        Said said = admitInTime(running, options);
        Supplier<Running> another = () -> new Running(Instance.builder(module).withMachineFactory(machine).build());
        return new Rule(bytes.clone(), said.info().of(sha256), said.schema(), said.placing(), new Pool(another, running), options);
    }

    /** What a module says of itself. */
    private record Said(Info info, Schema schema, Placing placing) {

        static Said read(Map<String, Object> manifest) {
            Map<String, Object> layout = Json.object(manifest.get("layout"));
            return new Said(Info.read(Json.object(manifest.get("logic")), ""), Schema.read(layout), Placing.read(layout).held());
        }
    }

    private static void holdToInterface(WasmModule module, Instance first) {
        Set<String> exports = exports(module);
        long version = refusedFor("interface", "it does not say which version of the interface it speaks", () -> first.exports().global("abi_version").getValue());
        if ((int) version != INTERFACE) {
            throw new RuleRefused("interface", "it does not speak version " + INTERFACE + " of the interface");
        }
        if (first.memory() == null) {
            throw new RuleRefused("interface", "it has no memory");
        }
        for (String name : JSON) {
            if (!exports.contains(name)) {
                throw new RuleRefused("json", "it has no " + name);
            }
        }
    }

    /** What a module says, in which a damaged one has something else, or nothing. */
    private static <T> T refusedFor(String code, String why, Supplier<T> does) {
        try {
            return does.get();
        } catch (ConcordException error) {
            throw error;
        } catch (RuntimeException error) {
            throw new RuleRefused(code, why, error);
        }
    }

    private static Set<String> exports(WasmModule module) {
        Set<String> names = new HashSet<>();
        for (int place = 0; place < module.exportSection().exportCount(); place++) {
            names.add(module.exportSection().getExport(place).name());
        }
        return names;
    }

    /** What a whole module says and tries in an instant; one that is damaged may go on for ever. */
    private static Said admitInTime(Running first, Options options) {
        Watch watch = new Watch(PATIENCE);
        try {
            return RuleRefused.orStopped(() -> admit(first, options));
        } catch (LimitReached error) {
            throw error.limit().equals("deadline")
                    ? new RuleRefused("stopped", "it did not come to an end within " + PATIENCE.toSeconds() + " s: it is damaged", error)
                    : error;
        } finally {
            watch.end();
        }
    }

    /** Reads what a module says of itself, and decides whether it may answer. */
    private static Said admit(Running first, Options options) {
        byte[] text = first.describe();
        Map<String, Object> manifest = refusedFor("json", "it carries no manifest that can be read", () -> Json.object(Json.read(text)));
        boolean json = refusedFor("json", "its manifest is damaged", () -> Boolean.TRUE.equals(Json.object(manifest.get("module")).get("json")));
        if (!json) {
            throw new RuleRefused("json", "it does not say that it takes cases as JSON");
        }
        Said said = refusedFor("json", "its manifest is damaged", () -> Said.read(manifest));
        if (options.fingerprint != null && !options.fingerprint.equals(said.info().fingerprint())) {
            throw new RuleRefused("fingerprint", "the fingerprint of its logic is " + said.info().fingerprint());
        }
        if (!"approved".equals(said.info().status()) && !options.allowDraft) {
            throw new RuleRefused("draft", "it is a draft that nobody has approved");
        }
        int wrong = options.verify ? first.selfTest() : 0;
        if (wrong != 0) {
            throw new RuleRefused("self_test", "golden cases that are not answered as they must be: " + wrong);
        }
        return said;
    }

    static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException error) {
            throw new IllegalStateException("every Java has SHA-256", error);
        }
    }
}
