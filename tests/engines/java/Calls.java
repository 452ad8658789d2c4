// Replays the corpus in Endive, a runtime in Java alone: `Calls.java interpreter FOLDER`, or `Calls.java compiler FOLDER`, which makes
// bytecode of a module and is told to fail where a function is too large for it.

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import run.endive.compiler.InterpreterFallback;
import run.endive.compiler.MachineFactoryCompiler;
import run.endive.runtime.Instance;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmModule;

public final class Calls {
    private static final HexFormat HEX = HexFormat.of();
    private static final int PAGE = 65_536;

    private int trials;
    private int wrong;

    private static Instance start(String mode, byte[] bytes) {
        WasmModule module = Parser.parse(bytes);
        Instance.Builder builder = Instance.builder(module);
        if (mode.equals("compiler")) {
            builder.withMachineFactory(
                    MachineFactoryCompiler.builder(module)
                            .withInterpreterFallback(InterpreterFallback.FAIL)
                            .compile());
        }
        return builder.build();
    }

    /** Plays one line of a script; what is wrong, or null. */
    private static String fault(Instance instance, String line) {
        String[] words = line.split(" ");
        String name = words[1];
        switch (words[0]) {
            case "call" -> {
                long[] arguments = new long[words.length - 4];
                for (int place = 0; place < arguments.length; place++) {
                    String text = words[place + 2];
                    arguments[place] =
                            text.endsWith("L")
                                    ? Long.parseLong(text.substring(0, text.length() - 1))
                                    : (int) Long.parseLong(text);
                }
                int found = (int) instance.export(name).apply(arguments)[0];
                String wanted = words[words.length - 1];
                return wanted.equals(Integer.toString(found)) ? null : name + " gave " + found + " and not " + wanted;
            }
            case "room" -> {
                int pages = (int) ((Long.parseLong(name) + PAGE - 1) / PAGE) - instance.memory().pages();
                if (pages > 0) {
                    instance.memory().grow(pages);
                }
            }
            case "put" -> instance.memory().write(Integer.parseInt(name), HEX.parseHex(words[2]));
            default -> {
                byte[] found = instance.memory().readBytes(Integer.parseInt(name), words[2].length() / 2);
                return words[2].equals(HEX.formatHex(found)) ? null : "at " + name + " stands something else";
            }
        }
        return null;
    }

    private void replay(String name, Instance instance, Iterable<String> script) {
        String trial = "";
        boolean holds = true;
        for (String line : script) {
            if (line.startsWith("trial ")) {
                trials++;
                trial = line.substring(6);
                holds = true;
                continue;
            }
            String found;
            try {
                found = fault(instance, line);
            } catch (RuntimeException error) {
                found = line.split(" ")[1] + ": " + error;
            }
            if (found != null && holds) {
                wrong++;
                holds = false;
                if (wrong < 10) {
                    System.err.println(name + ": " + trial + ": " + found);
                }
            }
        }
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        Calls calls = new Calls();
        for (String entry : Files.readAllLines(folder.resolve("index.txt"))) {
            String name = entry.split(" ")[0];
            Instance instance = start(arguments[0], Files.readAllBytes(folder.resolve(name + ".wasm")));
            calls.replay(name, instance, Files.readAllLines(folder.resolve(name + ".calls")));
        }
        System.out.println((calls.trials - calls.wrong) + " passed, " + calls.wrong + " failed");
        System.exit(calls.trials > 0 && calls.wrong == 0 ? 0 : 1);
    }
}
