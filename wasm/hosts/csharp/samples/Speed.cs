using System;
using System.Diagnostics;
using System.Linq;
using Concord;

/// <summary>What a case and a row cost on this machine, in time of its processors: `mono Speed.exe news2.wasm`.</summary>
internal static class Speed
{
    private const int Cases = 20000;
    private const int Rows = 100000;

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
            string[] scales = { "scale_1", "scale_2" };
            string[] awake = { "alert", "new_confusion", "voice", "pain", "unresponsive" };
            var columns = new
            {
                respiration_rate = Column(row => 8 + row * 7919L % 23), spo2 = Column(row => 85 + row * 7919L % 16), scale = Column(row => scales[row % 2]),
                on_oxygen = Column(row => row % 2 == 0), systolic = Column(row => 80 + row * 7919L % 151), pulse = Column(row => 30 + row * 7919L % 121),
                consciousness = Column(row => awake[row % awake.Length]), temperature = Column(row => (340 + row * 7919L % 61) / 10.0m),
            };
            begun = Spent();
            rule.EvaluateTable(columns, new[] { "total", "risk" });
            Console.WriteLine(FormattableString.Invariant($"row {(Spent() - begun) * 1e3 / Rows:0} ns"));
        }
    }

    private static object[] Column(Func<int, object> of)
    {
        return Enumerable.Range(0, Rows).Select(of).ToArray();
    }
}
