import concord.Ask;
import concord.Decision;
import concord.None;
import concord.Options;
import concord.Rule;
import concord.Unknown;
import concord.Value;
import concord.Verdict;
import java.nio.file.Path;
import java.util.Map;

/** A score with a value missing: {@code java -cp 'lib/*' Score.java news2.wasm}. */
public final class Score {
    public static void main(String[] arguments) throws Exception {
        Rule news2 = Rule.load(Path.of(arguments[0]), Options.NONE.allowDraft()); // a live system refuses drafts
        Decision decision = news2.evaluate(
                Map.of("respiration_rate", 25, "spo2", 91, "scale", "scale_1", "on_oxygen", true, // nobody took the temperature
                        "systolic", 90, "pulse", 131, "consciousness", "voice"),
                Ask.PLAINLY);
        decision.answers().forEach((name, answer) -> {
            if (answer instanceof Value known) {
                System.out.println(name + ": " + known.value());
            } else if (answer instanceof None) {
                System.out.println(name + ": none");
            } else if (answer instanceof Unknown unknown) {
                System.out.println(name + ": " + unknown.possible() + ", needs " + unknown.needs().get(0).text());
            } else if (answer instanceof Verdict verdict) {
                System.out.println(name + ": " + verdict.verdict());
            }
        });
    }
}
