using System;
using Concord;

/// <summary>A score with a value missing: `mono Score.exe news2.wasm`.</summary>
internal static class Score
{
    private static void Main(string[] arguments)
    {
        // A live system refuses drafts.
        using (Rule news2 = Rule.Load(arguments[0], new Options { AllowDraft = true }))
        {
            // Nobody took the temperature.
            Decision decision = news2.Evaluate(new
            {
                respiration_rate = 25, spo2 = 91, scale = "scale_1", on_oxygen = true, systolic = 90, pulse = 131, consciousness = "voice",
            });
            foreach (string name in decision.Names)
            {
                Answer answer = decision[name];
                if (answer is Value value)
                {
                    Console.WriteLine("{0}: {1}", name, value.Is);
                }
                else if (answer is None)
                {
                    Console.WriteLine("{0}: none", name);
                }
                else if (answer is Unknown unknown)
                {
                    Console.WriteLine("{0}: {1}, needs {2}", name, unknown.Possible, unknown.Needs[0].Text);
                }
                else if (answer is Verdict verdict)
                {
                    Console.WriteLine("{0}: {1}", name, verdict.Is);
                }
            }
        }
    }
}
