using System;
using System.IO;
using Concord;
using Concord.Types;

/// <summary>What `concord bindings --lang csharp` writes of two rules, in use: `Bindings FOLDER`.</summary>
internal static class Bindings
{
    private static int Main(string[] arguments)
    {
        var news2 = new News2.Case { Spo2 = 91, Scale = News2.Scale.scale_1, OnOxygen = true };
        That(News2.TotalOf(Loaded(arguments[0], "news2", News2.Fingerprint).Evaluate(news2)) is Unknown, "a score with values missing");
        var triage = new Sepsis.SepsisTriageEvent("2026-03-29T05:00Z");
        var sepsis = new Sepsis.Case
        {
            AsOf = new DateTimeOffset(2026, 3, 29, 5, 30, 0, TimeSpan.Zero), Age = 70, Events = new[] { triage }, NotSupplied = new[] { "Lactate" },
        };
        var ask = new Ask { Settings = new Sepsis.Settings { AntibioticsWithin = TimeSpan.FromMinutes(30) } };
        That(Sepsis.Antibiotics1hOf(Loaded(arguments[0], "sepsis", Sepsis.Fingerprint).Evaluate(sepsis, ask)) is Verdict, "an obligation");
        return 0;
    }

    private static Rule Loaded(string folder, string name, string fingerprint)
    {
        return Rule.Load(Path.Combine(folder, name + ".wasm"), new Options { AllowDraft = true, Fingerprint = fingerprint });
    }

    private static void That(bool holds, string what)
    {
        if (!holds)
        {
            throw new Exception(what);
        }
    }
}
