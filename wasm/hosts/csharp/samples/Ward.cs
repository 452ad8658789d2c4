using System;
using Concord;

/// <summary>A folder of rules that reloads while it is in use, a table of patients, metrics and a decision log: `mono Ward.exe FOLDER`.</summary>
internal static class Ward
{
    private static void Main(string[] arguments)
    {
        var options = new Options
        {
            AllowDraft = true,
            OnCall = call => Console.Error.WriteLine("{0} {1} {2}", call.Package, call.Outcome, call.Took),
            OnDecision = (decision, hash) => Console.Error.WriteLine("{0} {1}", hash, decision.Record.Length),
        };
        using (Rules rules = Rules.Open(arguments[0], options, null, (file, why) => Console.Error.WriteLine("{0}: {1}", file, why.Message)))
        using (Rule news2 = rules["clinical.news2"])
        {
            rules.Watch(TimeSpan.FromSeconds(2));
            var table = news2.EvaluateTable(
                new
                {
                    respiration_rate = new[] { 25, 14, 18 }, spo2 = new int?[] { 91, 97, null }, scale = new[] { "scale_1", "scale_1", "scale_1" },
                    on_oxygen = new[] { true, false, false }, systolic = new[] { 90, 125, 118 }, pulse = new[] { 131, 72, 88 },
                    consciousness = new[] { "voice", "alert", "alert" }, temperature = new[] { 35.0m, 36.8m, 37.1m },
                },
                new[] { "total", "risk" });
            for (int row = 0; row < 3; row++)
            {
                Console.WriteLine(
                    table["total.kind"][row].Equals("unknown") ? "patient {0}: {1} to {2}" : "patient {0}: {3}, {4}",
                    row, table["total.from"][row], table["total.to"][row], table["total"][row], table["risk"][row]);
            }
        }
    }
}
