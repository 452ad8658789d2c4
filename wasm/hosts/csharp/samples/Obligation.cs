using System;
using Concord;

/// <summary>Obligations of a case with events, judged at an instant with a member's settings, and why: `mono Obligation.exe sepsis.wasm`.</summary>
internal static class Obligation
{
    private static void Main(string[] arguments)
    {
        using (Rule sepsis = Rule.Load(arguments[0], new Options { AllowDraft = true }))
        {
            var at = new DateTimeOffset(2026, 3, 5, 10, 0, 0, TimeSpan.Zero);
            var ask = new Ask { AsOf = at.AddHours(8), Member = "XX1", Explain = true, Deadline = TimeSpan.FromSeconds(1) };
            Decision decision = sepsis.Evaluate(
                new
                {
                    age = 70,
                    events = new object[]
                    {
                        new { @event = "SepsisTriage", at },
                        new { @event = "Antibiotics", at = at.AddMinutes(50) },
                    },
                },
                ask);
            foreach (string name in decision.Names)
            {
                if (decision[name] is Verdict verdict)
                {
                    Console.WriteLine("{0}: {1}", name, verdict.Text);
                    foreach (string sentence in verdict.Because)
                    {
                        Console.WriteLine("  - {0}", sentence);
                    }
                }
            }
            foreach (Fault fault in sepsis.Check(new { age = "seventy" }, ask))
            {
                Console.WriteLine("refused: {0}", fault);
            }
        }
    }
}
