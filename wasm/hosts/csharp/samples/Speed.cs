using System;
using System.Diagnostics;
using System.Linq;
using Concord;

/// <summary>What a case and a row cost on this machine, in time of its processors: `mono Speed.exe news2.wasm`.</summary>
internal static class Speed
{
    private const int Cases = 20000;

    private const string Text = "{\"respiration_rate\":25,\"spo2\":91,\"scale\":\"scale_1\",\"on_oxygen\":true,\"systolic\":90,\"pulse\":131,"
        + "\"consciousness\":\"voice\",\"temperature\":35.0}";

    private static double Spent()
    {
        return Process.GetCurrentProcess().TotalProcessorTime.TotalMilliseconds * 1e3;
    }

    private static void Main(string[] arguments)
    {
        using (Rule rule = Rule.Load(arguments[0], new Options { AllowDraft = true }))
        {
            double begun = 0;
            for (int turn = 0; turn < 2; turn++)
            {
                begun = Spent();
                for (int place = 0; place < Cases; place++)
                {
                    rule.Evaluate(Text);
                }
            }
            Console.WriteLine(FormattableString.Invariant($"case {(Spent() - begun) * 1e3 / Cases:0} ns"));
            var columns = new
            {
                respiration_rate = Enumerable.Repeat(12, Cases), spo2 = Enumerable.Repeat(97, Cases), scale = Enumerable.Repeat("scale_1", Cases),
                on_oxygen = Enumerable.Repeat(false, Cases),
            };
            begun = Spent();
            rule.EvaluateTable(columns, new[] { "total", "risk" });
            Console.WriteLine(FormattableString.Invariant($"row {(Spent() - begun) * 1e3 / Cases:0} ns"));
        }
    }
}
