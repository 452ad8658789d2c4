package concord;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over the modules of rules/, in the folder that CONCORD_MODULES names. */
final class RuleTest {
    private static final Path MODULES = Path.of(System.getenv("CONCORD_MODULES"));
    private static final Duration LASTING =
            Duration.ofSeconds(Long.parseLong(System.getenv().getOrDefault("CONCORD_SECONDS", "1")));
    private static final Options DRAFTS = Options.NONE.allowDraft();

    @TempDir Path folder;

    private static byte[] bytes(String name) throws IOException {
        return Files.readAllBytes(MODULES.resolve(name + ".wasm"));
    }

    private static Rule loaded(String name) throws IOException {
        return Rule.load(MODULES.resolve(name + ".wasm"), DRAFTS);
    }

    private static byte[] replaced(byte[] of, String hex, String with) {
        String text = new String(of, StandardCharsets.ISO_8859_1);
        return text.replace(hex, with).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The file appears as a whole, as a careful deployment writes it. */
    private static void write(Path path, byte[] data) throws IOException {
        Path fresh = path.resolveSibling("new");
        Files.write(fresh, data);
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void refused(String code, byte[] module, Options options) {
        assertEquals(code, assertThrows(RuleRefused.class, () -> Rule.load(module, options)).code());
    }

    @Test
    void whatIsNotToBeTrustedIsRefused() throws IOException {
        byte[] module = bytes("news2");
        byte[] flipped = module.clone();
        flipped[flipped.length / 2] ^= 1;
        refused("sha256", flipped, DRAFTS.sha256(Loader.hash(module)));
        refused("sha256", module, DRAFTS.sha256(Loader.hash(flipped)));
        refused("module", "<!doctype html><title>404</title>".getBytes(StandardCharsets.UTF_8), DRAFTS);
        refused("module", Arrays.copyOf(module, module.length / 2), DRAFTS);
        byte[] starts = HexFormat.of().parseHex("0061736d01000000010401600000030201000801000a0901070003400c000b0b");
        refused("module", starts, DRAFTS);
        refused("interface", replaced(module, "\u007f\0\u0041\3\u000b", "\u007f\0\u0041\4\u000b"), DRAFTS);
        refused("fingerprint", module, DRAFTS.fingerprint(Loader.hash(module)));
        refused("draft", module, Options.NONE);
        refused("self_test", bytes("wrong/news2"), DRAFTS); // a pulse of 91 as one of 90
        Files.write(folder.resolve("a.wasm"), flipped);
        Files.copy(MODULES.resolve("news2.manifest.json"), folder.resolve("a.manifest.json"));
        assertEquals("sha256", assertThrows(RuleRefused.class, () -> Rule.load(folder.resolve("a.wasm"), DRAFTS)).code());
    }

    @Test
    void whatADamagedModuleSaysOfItselfIsRefusedAndNothingElseComesOfIt() throws IOException {
        for (String name : List.of("news2", "sepsis")) {
            byte[] module = bytes(name);
            for (int place = module.length * 4 / 5; place < module.length; place += 397) {
                byte[] damaged = module.clone();
                damaged[place] ^= (byte) (1 << place % 8); // of what is packed: texts, manifest and golden cases
                try {
                    Rule.load(damaged, DRAFTS).evaluate("{\"as_of\":\"2026-03-05T18:00:00Z\",\"age\":70}", Ask.PLAINLY.explain());
                } catch (RuleRefused refused) {
                    continue;
                }
            }
        }
    }

    @Test
    void whatIsNoNumberAndNoTextIsRefusedWhereItStands() throws IOException {
        Rule news2 = loaded("news2");
        Map<String, Object> withoutName = new HashMap<>();
        withoutName.put(null, 1);
        for (Map.Entry<Map<String, Object>, String> of : List.of(
                Map.entry(Map.<String, Object>of("spo2", Double.NaN), "D07/spo2"),
                Map.entry(Map.<String, Object>of("temperature", Float.NEGATIVE_INFINITY), "D07/temperature"),
                Map.entry(Map.<String, Object>of("scale", "\ud800"), "D07/scale"),
                Map.entry(Map.<String, Object>of("\ud800", 1), "D06/\ufffd"),
                Map.entry(withoutName, "D06/null"))) {
            List<Fault> faults = news2.check(of.getKey(), Ask.PLAINLY);
            assertEquals(List.of(of.getValue()), faults.stream().map(fault -> fault.code() + fault.at()).toList());
        }
        CaseRefused text = assertThrows(CaseRefused.class, () -> news2.evaluate("{\"scale\":\"\ud800\"}", Ask.PLAINLY));
        assertEquals("D02", text.faults().get(0).code());
        SettingRefused setting = assertThrows(
                SettingRefused.class, () -> news2.evaluate("{}", Ask.PLAINLY.settings(Map.of("none", Double.NaN))));
        assertEquals("/none", setting.faults().get(0).at());
        assertEquals("/1/spo2", assertThrows(
                CaseRefused.class, () -> news2.evaluateTable(Map.of("spo2", List.of(97, Double.NaN)), List.of("risk"), Ask.PLAINLY)).faults().get(0).at());
    }

    @Test
    void aNumberOfAnyLengthGoesInAsItIs() throws IOException {
        Rule news2 = loaded("news2");
        for (Number number : List.of(
                new BigDecimal("1e999999999"), new BigDecimal("-1e999999999"), new BigDecimal("1e-999999999"), java.math.BigInteger.TEN.pow(5000))) {
            assertEquals("/pulse", news2.check(Map.of("pulse", number), Ask.PLAINLY).get(0).at());
            assertEquals("/0/pulse", assertThrows(
                    CaseRefused.class, () -> news2.evaluateTable(Map.of("pulse", List.of(number)), List.of("heart"), Ask.PLAINLY)).faults().get(0).at());
        }
        for (String number : List.of("0e999999999", "91." + "0".repeat(900), "910e-1", "91" + "0".repeat(900) + "e-900")) {
            assertEquals(List.of(), news2.check(Map.of("pulse", new BigDecimal(number)), Ask.PLAINLY), number);
            assertEquals(List.of("value"), news2.evaluateTable(Map.of("pulse", List.of(new BigDecimal(number))), List.of("heart"), Ask.PLAINLY).get("heart.kind"));
        }
    }

    @Test
    void aFolderWithoutModulesIsAnError() throws IOException {
        Files.writeString(folder.resolve("._news2.wasm"), "left by a Mac");
        for (Path of : List.of(folder.resolve("none"), folder)) {
            NoSuchFileException error = assertThrows(NoSuchFileException.class, () -> Rules.open(of, DRAFTS, (before, after) -> {}, (file, why) -> {}));
            assertTrue(error.getMessage().contains(of.toString()));
        }
    }

    @Test
    void anAnswerIsOneOfFour() throws IOException {
        Rule news2 = loaded("news2");
        Decision decision = news2.evaluate(
                Map.of("respiration_rate", 25, "spo2", 91.0, "scale", "scale_1", "on_oxygen", true, "systolic", new BigDecimal("90"), "pulse", 131L,
                        "consciousness", "voice"),
                Ask.PLAINLY);
        Unknown total = assertInstanceOf(Unknown.class, decision.answer("total"));
        assertEquals("17 to 20", total.possible().toString());
        assertEquals("temperature", total.needs().get(0).fact());
        Value risk = assertInstanceOf(Value.class, decision.answer("risk"));
        assertEquals("high", risk.value());
        assertNull(risk.words().because());
        assertThrows(NoSuchElementException.class, () -> decision.answer("risks"));
        Decision explained = news2.evaluate("{\"spo2\":91,\"scale\":\"scale_1\"}", Ask.PLAINLY.explain());
        assertTrue(explained.answer("saturation").words().source().contains("Royal College"));
        assertEquals("[D10 at /scale: expected one of scale_1, scale_2]", news2.check(Map.of("scale", "scale_3"), Ask.PLAINLY).toString());
    }

    @Test
    void theInstantIsGivenOnce() throws IOException {
        Rule sepsis = loaded("sepsis");
        Ask ask = Ask.PLAINLY.asOf(Instant.parse("2026-03-29T10:00:00.001999999Z"));
        assertEquals("2026-03-29T10:00:00.001Z", sepsis.evaluate(" { }", ask).asOf());
        CaseRefused twice = assertThrows(CaseRefused.class, () -> sepsis.evaluate("{\"as_of\":\"2026-03-29T10:00:00Z\"}", ask));
        assertEquals(new Fault("D05", "/as_of", null), twice.faults().get(0));
    }

    @Test
    void settingsAreHeldToTheContract() throws IOException {
        Rule sepsis = loaded("sepsis");
        String day = "{\"as_of\":\"2026-02-01T00:00:00Z\"}";
        Fault outside = assertThrows(SettingRefused.class, () -> sepsis.evaluate(day, Ask.PLAINLY.settings(Map.of("antibiotics_within", Duration.ofHours(2)))))
                .faults().get(0);
        assertEquals("D08/antibiotics_within", outside.code() + outside.at());
        assertEquals("member", assertThrows(SettingRefused.class, () -> sepsis.evaluate(day, Ask.PLAINLY.member("ZZZ"))).faults().get(0).code());
        for (String at : List.of("2026-01-31T23:59:59Z", "2027-02-02 00:00+00")) {
            Decision before = sepsis.evaluate("{\"as_of\":\"" + at + "\"}", Ask.PLAINLY.member("XX1"));
            assertEquals(Map.of(), before.settings());
            assertEquals("antibiotics_within", before.notApplied().get(0).parameter());
        }
        for (String at : List.of("2026-02-01T00:00:00Z", "2027-02-01T23:59:59Z")) {
            Decision during = sepsis.evaluate("{\"as_of\":\"" + at + "\"}", Ask.PLAINLY.member("XX1"));
            assertEquals(Map.of("antibiotics_within", "PT45M"), during.settings());
        }
        Ask own = Ask.PLAINLY.member("XX1").settings("{\"antibiotics_within\":\"PT30M\"}");
        assertEquals(Map.of("antibiotics_within", "PT30M"), sepsis.evaluate(day, own).settings());
        assertEquals(Map.of(), sepsis.evaluate(day, Ask.PLAINLY).settings());
    }

    @Test
    void hooksAreTold() throws IOException {
        List<Call> calls = new ArrayList<>();
        List<String> log = new ArrayList<>();
        Rule news2 = Rule.load(bytes("news2"), DRAFTS.onCall(calls::add).onDecision((decision, hash) -> log.add(hash)));
        news2.check(Map.of("spo2", 200), Ask.PLAINLY);
        assertEquals(List.of(), calls, "a case that is only checked is told to nobody");
        assertThrows(CaseRefused.class, () -> news2.evaluate("{\"spo2\":200}", Ask.PLAINLY));
        news2.evaluate("{\"spo2\":97}", Ask.PLAINLY);
        assertEquals(List.of("refused", "answered"), calls.stream().map(Call::outcome).toList());
        assertEquals(List.of("D08"), calls.get(0).codes());
        assertTrue(calls.get(1).unknown() > 0);
        assertEquals(List.of(Loader.hash("{\"spo2\":97}".getBytes(StandardCharsets.UTF_8))), log);
    }

    @Test
    void hooksAreToldOfTables() throws IOException {
        List<Call> calls = new ArrayList<>();
        List<Boolean> known = new ArrayList<>();
        Rule news2 = Rule.load(bytes("news2"), DRAFTS.onCall(calls::add).onDecision((decision, hash) -> known.add(decision.answer("saturation").isKnown())));
        news2.evaluateTable(
                Map.of("respiration_rate", List.of(25, 12), "spo2", Arrays.asList(91, null), "scale", List.of("scale_1", "scale_1"), "on_oxygen",
                        List.of(true, false)),
                List.of("saturation", "risk"), Ask.PLAINLY);
        assertThrows(CaseRefused.class, () -> news2.evaluateTable(Map.of("spo2", List.of(97, 200)), List.of("risk"), Ask.PLAINLY));
        assertEquals(List.of("answered", "refused"), calls.stream().map(Call::outcome).toList());
        assertEquals(List.of(2, 0), calls.stream().map(Call::unknown).toList());
        assertEquals(List.of(2, 2), calls.stream().map(Call::cases).toList());
        assertEquals(List.of("D08"), calls.get(1).codes());
        assertEquals(List.of(true, false), known);
    }

    @Test
    void aDeadlineStopsACall() throws IOException {
        Rule rota = loaded("rota_tcs2016");
        List<Map<String, Object>> events = new ArrayList<>();
        Instant begin = Instant.parse("2020-01-01T00:00:00Z");
        for (int shift = 0; shift < 800; shift++) {
            Instant at = begin.plus(Duration.ofHours(20L * shift));
            events.add(Map.of("event", "Shift", "at", at, "finish", at.plus(Duration.ofHours(8))));
        }
        Ask ask = Ask.PLAINLY.asOf(Instant.parse("2035-01-01T00:00:00Z"));
        long begun = System.nanoTime();
        LimitReached limit = assertThrows(
                LimitReached.class, () -> rota.evaluate(Map.of("events", events), ask.deadline(Duration.ofMillis(5))));
        assertEquals("deadline", limit.limit());
        assertTrue(System.nanoTime() - begun < 5_000_000_000L);
        assertTrue(!Thread.interrupted(), "the thread is left as it was");
        rota.evaluate(Map.of(), ask);
        rota.evaluate(Map.of(), ask.deadline(Duration.ofSeconds(Long.MAX_VALUE)));
        for (Duration passed : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
            assertEquals("deadline", assertThrows(LimitReached.class, () -> rota.evaluate(Map.of(), ask.deadline(passed))).limit());
        }
    }

    @Test
    void anInterruptionIsNoDeadline() throws Exception {
        Rule news2 = loaded("news2");
        Thread.currentThread().interrupt();
        Decision decision = news2.evaluate(Map.of("spo2", 97), Ask.PLAINLY);
        assertTrue(Thread.interrupted(), "the thread is left as it was");
        assertEquals(decision.json(), news2.evaluate(Map.of("spo2", 97), Ask.PLAINLY.deadline(Duration.ofMinutes(1))).json());
        AtomicBoolean over = new AtomicBoolean();
        Thread working = Thread.currentThread();
        Thread other = new Thread(() -> {
            while (!over.get()) {
                working.interrupt();
                LockSupport.parkNanos(3_000_000);
            }
        });
        other.start();
        for (int turn = 0; turn < 300; turn++) {
            assertEquals(decision.json(), news2.evaluate(Map.of("spo2", 97), Ask.PLAINLY).json());
        }
        over.set(true);
        while (other.isAlive()) {
            Thread.onSpinWait();
        }
        Thread.interrupted();
    }

    @Test
    void tables() throws IOException {
        Rule news2 = loaded("news2");
        Map<String, List<Object>> found = news2.evaluateTable(
                Map.of("respiration_rate", List.of(25, 12), "spo2", Arrays.asList(91, null), "scale", List.of("scale_1", "scale_1"), "on_oxygen",
                        List.of(true, false)),
                List.of("saturation", "risk"), Ask.PLAINLY);
        assertEquals(Arrays.asList(3L, null), found.get("saturation"));
        assertEquals(List.of("value", "unknown"), found.get("saturation.kind"));
        assertEquals(Arrays.asList(null, 0L), found.get("saturation.from"));
        assertEquals(Arrays.asList(null, 3L), found.get("saturation.to"));
        assertEquals(Arrays.asList("high", null), found.get("risk"));
        assertEquals(6, found.size());
        CaseRefused refused =
                assertThrows(CaseRefused.class, () -> news2.evaluateTable(Map.of("spo2", List.of(97, 200)), List.of("risk"), Ask.PLAINLY));
        assertEquals("/1/spo2", refused.faults().get(0).at());
        Map<String, List<Object>> verdicts = loaded("sepsis")
                .evaluateTable(Map.of("age", List.of(70)), List.of("antibiotics_1h", "antibiotics_1h.due"), Ask.PLAINLY.asOf(Instant.now()));
        assertEquals(List.of("unknown"), verdicts.get("antibiotics_1h.kind"));
        assertEquals(Arrays.asList((Object) null), verdicts.get("antibiotics_1h.due"));
    }

    /** Eight threads do something over and over; how often it went wrong. */
    private static long eight(Duration lasting, Callable<Boolean> turn, AtomicBoolean over) throws Exception {
        AtomicLong wrong = new AtomicLong();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<?>> running = new ArrayList<>();
        for (int thread = 0; thread < 8; thread++) {
            running.add(threads.submit(() -> {
                long until = System.nanoTime() + lasting.toNanos();
                while (System.nanoTime() < until && !over.get()) {
                    if (!turn.call()) {
                        wrong.incrementAndGet();
                    }
                }
                return null;
            }));
        }
        for (Future<?> one : running) {
            one.get();
        }
        threads.shutdown();
        return wrong.get();
    }

    private static long held() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void eightThreadsShareARule() throws Exception {
        Rule sepsis = loaded("sepsis");
        List<Map.Entry<String, Ask>> cases = new ArrayList<>();
        List<String> wanted = new ArrayList<>();
        for (int hour = 10; hour < 24; hour++) {
            for (String settings : List.of("{}", "{\"antibiotics_within\":\"PT45M\"}")) {
                String text = "{\"as_of\":\"2026-03-29T" + hour + ":00Z\",\"age\":70,\"events\":[{\"event\":\"SepsisTriage\",\"at\":\"2026-03-29T09:00Z\"}]}";
                cases.add(Map.entry(text, Ask.PLAINLY.settings(settings)));
                wanted.add(sepsis.evaluate(text, Ask.PLAINLY.settings(settings)).json());
            }
        }
        AtomicLong turns = new AtomicLong();
        Callable<Boolean> turn = () -> {
            int place = (int) (turns.incrementAndGet() % cases.size());
            return sepsis.evaluate(cases.get(place).getKey(), cases.get(place).getValue()).json().equals(wanted.get(place));
        };
        AtomicBoolean over = new AtomicBoolean();
        assertEquals(0, eight(LASTING.dividedBy(4), turn, over));
        long before = held();
        assertEquals(0, eight(LASTING, turn, over));
        long after = held();
        assertTrue(after < before + (4 << 20), "from " + before + " bytes to " + after);
        assertTrue(sepsis.idle() <= 8, sepsis.idle() + " instances");
    }

    @Test
    void reloadingUnderLoadLosesNoCallAndMixesNoVersions() throws Exception {
        byte[] first = bytes("news2");
        byte[] second = bytes("later/news2");
        Map<String, String> versions = Map.of(Loader.hash(first), "1.0.0", Loader.hash(second), "1.0.1");
        Path path = folder.resolve("news2.wasm");
        write(path, first);
        AtomicLong told = new AtomicLong();
        AtomicLong newer = new AtomicLong();
        try (Rules rules = Rules.open(
                folder, DRAFTS, (before, after) -> told.incrementAndGet(), (file, why) -> told.incrementAndGet())) {
            rules.watch(Duration.ofMillis(5));
            AtomicBoolean over = new AtomicBoolean();
            ExecutorService deployer = Executors.newSingleThreadExecutor();
            Future<?> deploying = deployer.submit(() -> {
                long until = System.nanoTime() + LASTING.toNanos();
                for (int turn = 0; turn < 6 || System.nanoTime() < until; turn++) {
                    long before = told.get();
                    write(path, List.of(second, "<html>".getBytes(StandardCharsets.UTF_8), first).get(turn % 3));
                    for (int patience = 0; told.get() == before && patience < 60_000; patience++) {
                        Thread.sleep(1);
                    }
                    assertNotEquals(before, told.get());
                    Thread.sleep(20);
                }
                over.set(true);
                return null;
            });
            long wrong = eight(Duration.ofMinutes(5), () -> {
                Rule rule = rules.rule("clinical.news2");
                Decision decision = rule.evaluate("{\"spo2\":97}", Ask.PLAINLY);
                if (decision.version().equals("1.0.1")) {
                    newer.incrementAndGet();
                }
                return versions.get(decision.sha256()).equals(decision.version()) && rule.info().version().equals(decision.version());
            }, over);
            deploying.get();
            deployer.shutdown();
            assertEquals(0, wrong);
            assertTrue(newer.get() > 0);
        }
    }

    private void put(String name, String ending) throws IOException {
        write(folder.resolve("news2" + ending), Files.readAllBytes(MODULES.resolve(name + ending)));
    }

    @Test
    void aFileRefusedForWhatLiesBesideItIsTakenWhenThatIsRightAndOneThatCannotBeReadStopsNoOther() throws IOException {
        put("news2", ".manifest.json");
        put("news2", ".wasm");
        Files.createSymbolicLink(folder.resolve("away.wasm"), folder.resolve("none"));
        Files.createDirectory(folder.resolve("within.wasm"));
        List<String> refused = new ArrayList<>();
        try (Rules rules = Rules.open(
                folder, DRAFTS, (before, after) -> {}, (file, why) -> refused.add(file.getFileName() + " " + (why instanceof RuleRefused)))) {
            put("later/news2", ".wasm");
            for (int turn = 0; turn < 3; turn++) {
                rules.reload();
            }
            assertEquals("1.0.0", rules.rule("clinical.news2").info().version());
            assertEquals(List.of("away.wasm false", "within.wasm false", "news2.wasm true"), refused);
            put("later/news2", ".manifest.json");
            rules.reload();
            assertEquals("1.0.1", rules.rule("clinical.news2").info().version());
        }
        assertThrows(IOException.class, () -> Rules.open(folder, DRAFTS));
    }

    @Test
    void twoFilesOfOneVersion() throws IOException {
        byte[] module = bytes("news2");
        byte[] other = Arrays.copyOf(module, module.length + 5);
        System.arraycopy(new byte[] {0, 3, 1, 'x', 0}, 0, other, module.length, 5);
        write(folder.resolve("a.wasm"), module);
        write(folder.resolve("b.wasm"), other);
        assertEquals("twice", assertThrows(RuleRefused.class, () -> Rules.open(folder, DRAFTS)).code());
    }
}
