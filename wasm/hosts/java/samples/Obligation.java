import concord.Ask;
import concord.CaseRefused;
import concord.Decision;
import concord.Options;
import concord.Rule;
import concord.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Obligations of a case with events, judged at an instant with a member's settings, and why: {@code java -cp 'lib/*' Obligation.java sepsis.wasm}. */
public final class Obligation {
    public static void main(String[] arguments) throws Exception {
        Rule sepsis = Rule.load(Path.of(arguments[0]), Options.NONE.allowDraft());
        Ask ask = Ask.PLAINLY.asOf(Instant.parse("2026-03-05T18:00:00Z")).member("XX1").explain().deadline(Duration.ofSeconds(1));
        Decision decision = sepsis.evaluate(
                Map.of("age", 70, "events", List.of(
                        Map.of("event", "SepsisTriage", "at", Instant.parse("2026-03-05T10:00:00Z")),
                        Map.of("event", "Antibiotics", "at", Instant.parse("2026-03-05T10:50:00Z")))),
                ask);
        System.out.println("settings " + decision.settings());
        decision.answers().forEach((name, answer) -> {
            if (answer instanceof Verdict verdict) {
                System.out.println(name + ": " + verdict.words().text());
                verdict.words().because().forEach(sentence -> System.out.println("  - " + sentence));
            }
        });
        try {
            sepsis.evaluate(Map.of("age", "seventy"), ask);
        } catch (CaseRefused refused) {
            System.out.println("refused: " + refused.faults().get(0));
        }
    }
}
