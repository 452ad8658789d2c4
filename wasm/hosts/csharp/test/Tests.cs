using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using Concord;

/// <summary>What a host must do beside answering the corpus: `Tests FOLDER SCRATCH`.</summary>
internal static class Tests
{
    private static readonly Encoding Bytes = Encoding.GetEncoding(28591);
    private static string modules;
    private static string scratch;
    private static int wrong;

    private static int Main(string[] arguments)
    {
        modules = arguments[0];
        scratch = arguments[1];
        foreach (Action test in new Action[] { Trust, Kinds, Instants, Contract, Told, Deadline, Odd, Tables, Threads, Reload, Twice })
        {
            test();
        }
        Console.WriteLine("{0} wrong", wrong);
        return wrong;
    }

    private static void That(bool holds, string what)
    {
        if (!holds)
        {
            Interlocked.Increment(ref wrong);
            Console.Error.WriteLine("wrong: " + what);
        }
    }

    private static T Thrown<T>(string what, Action work)
        where T : Exception
    {
        try
        {
            work();
        }
        catch (T error)
        {
            return error;
        }
        catch (Exception other)
        {
            throw new Exception(what + ": " + other.Message, other);
        }
        throw new Exception(what + ": nothing was thrown");
    }

    private static byte[] Module(string name)
    {
        return File.ReadAllBytes(Path.Combine(modules, name + ".wasm"));
    }

    private static Rule Loaded(string name)
    {
        return Rule.Load(Path.Combine(modules, name + ".wasm"), new Options { AllowDraft = true });
    }

    private static string Hash(byte[] of)
    {
        using (SHA256 hash = SHA256.Create())
        {
            return string.Concat(hash.ComputeHash(of).Select(one => one.ToString("x2")));
        }
    }

    private static byte[] Replaced(byte[] of, string what, string with)
    {
        return Bytes.GetBytes(Bytes.GetString(of).Replace(what, with));
    }

    private static void Write(string path, byte[] data)
    {
        File.WriteAllBytes(path + ".new", data);
        if (File.Exists(path))
        {
            File.Replace(path + ".new", path, null);
        }
        else
        {
            File.Move(path + ".new", path);
        }
    }

    private static TimeSpan Lasting => TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable("CONCORD_SECONDS") ?? "1"));

    private static void Refused(string code, byte[] module, Options options)
    {
        string found = Thrown<RuleRefused>(code, () => Rule.Load(module, options)).Code;
        That(found == code, found + " and not " + code);
    }

    private static void Trust()
    {
        byte[] module = Module("news2");
        byte[] flipped = (byte[])module.Clone();
        flipped[flipped.Length / 2] ^= 1;
        Refused("sha256", flipped, new Options { AllowDraft = true, Sha256 = Hash(module) });
        Refused("sha256", module, new Options { AllowDraft = true, Sha256 = Hash(flipped) });
        Refused("module", Encoding.UTF8.GetBytes("<!doctype html>"), new Options { AllowDraft = true });
        Refused("module", module.Take(module.Length / 2).ToArray(), new Options { AllowDraft = true });
        Refused("interface", Replaced(module, "\x7f\0\x41\x03\x0b", "\x7f\0\x41\x04\x0b"), new Options { AllowDraft = true });
        Refused("fingerprint", module, new Options { AllowDraft = true, Fingerprint = Hash(module) });
        Refused("draft", module, null);
        Refused("self_test", Module("wrong/news2"), /* a pulse of 91 as one of 90 */ new Options { AllowDraft = true });
        Thrown<IOException>("no file", () => Rule.Load(Path.Combine(scratch, "none.wasm")));
    }

    private static void Odd()
    {
        using (Rule news2 = Loaded("news2"))
        {
            foreach (var of in new Dictionary<object, string>
            {
                { new { spo2 = double.NaN }, "D07/spo2" },
                { new { temperature = float.NegativeInfinity }, "D07/temperature" },
                { new { scale = "\ud800" }, "D07/scale" },
                { new Dictionary<string, object> { { "\ud800", 1 } }, "D06/\ufffd" },
                { "{\"scale\":\"\ud800\"}", "D02" },
            })
            {
                Fault found = news2.Check(of.Key).Single();
                That(found.Code + found.At == of.Value, found + " and not " + of.Value);
            }
            using (Rule sepsis = Loaded("sepsis"))
            {
                Fault naive = sepsis.Check(new { as_of = new DateTime(2026, 3, 5, 18, 0, 0) }).Single();
                That(naive.At == "/as_of" && naive.Expected.Contains("zone"), "an instant without its zone: " + naive);
            }
            foreach (int seconds in new[] { 0, -1 })
            {
                var ask = new Ask { Deadline = TimeSpan.FromSeconds(seconds) };
                That(Thrown<LimitReached>("a deadline that has passed", () => news2.Evaluate("{}", ask)).Limit == "deadline", "a deadline that has passed");
            }
        }
        string empty = Directory.CreateDirectory(Path.Combine(scratch, "empty")).FullName;
        foreach (string folder in new[] { Path.Combine(empty, "none"), empty })
        {
            That(Thrown<IOException>("no modules", () => Rules.Open(folder)).Message.Contains(folder), "the folder is named");
        }
    }

    private static void Kinds()
    {
        using (Rule news2 = Loaded("news2"))
        {
            Decision decision = news2.Evaluate(new
            {
                respiration_rate = 25, spo2 = 91.0, scale = "scale_1", on_oxygen = true, systolic = 90m, pulse = 131L, consciousness = "voice",
            });
            var total = (Unknown)decision["total"];
            That(total.Possible.ToString() == "17 to 20" && total.Needs[0].Fact == "temperature", "total");
            That(((Value)decision["risk"]).Is.Equals("high") && decision["risk"].Because == null, "risk");
            Thrown<KeyNotFoundException>("risks", () => decision["risks"].ToString());
            That(news2.Check(new { scale = "scale_3" }).Single().ToString() == "D10 at /scale: expected one of scale_1, scale_2", "check");
            That(news2.Check("{}").Count == 0 && news2.Info.Package == "clinical.news2" && news2.Schema.Contains("spo2"), "info");
            That(news2.Bytes().SequenceEqual(Module("news2")), "bytes");
            Decision explained = news2.Evaluate("{\"spo2\":91,\"scale\":\"scale_1\"}", new Ask { Explain = true });
            That(explained["saturation"].Source.Contains("Royal College"), "source");
        }
    }

    private static void Instants()
    {
        using (Rule sepsis = Loaded("sepsis"))
        {
            var ask = new Ask { AsOf = new DateTimeOffset(2026, 3, 29, 11, 0, 0, TimeSpan.FromHours(1)).AddTicks(19999) };
            That(sepsis.Evaluate(new Dictionary<string, object>(), ask).AsOf == "2026-03-29T10:00:00.001Z", "as of");
            Fault twice = Thrown<CaseRefused>("twice", () => sepsis.Evaluate("{\"as_of\":\"2026-03-29T10:00:00Z\"}", ask)).Faults[0];
            That(twice.Code == "D05" && twice.At == "/as_of", "twice");
        }
    }

    private static void Contract()
    {
        using (Rule sepsis = Loaded("sepsis"))
        {
            string day = "{\"as_of\":\"2026-02-01T00:00:00Z\"}";
            var outside = new Ask { Settings = new { antibiotics_within = TimeSpan.FromHours(2) } };
            Fault fault = Thrown<SettingRefused>("outside", () => sepsis.Evaluate(day, outside)).Faults[0];
            That(fault.Code == "D08" && fault.At == "/antibiotics_within", "outside");
            That(Thrown<SettingRefused>("member", () => sepsis.Evaluate(day, new Ask { Member = "ZZZ" })).Faults[0].Code == "member", "member");
            foreach (string at in new[] { "2026-01-31T23:59:59Z", "2026-02-01T00:00:00Z", "2027-02-01T23:59:59Z", "2027-02-02T00:00:00Z" })
            {
                Decision decision = sepsis.Evaluate(new { as_of = at }, new Ask { Member = "XX1" });
                bool holds = at.CompareTo("2026-02-01") > 0 && at.CompareTo("2027-02-02") < 0;
                That(decision.Settings.ContainsKey("antibiotics_within") == holds && decision.NotApplied.Count == (holds ? 0 : 1), at);
                That(decision.Member == "XX1", "whose");
            }
            That(sepsis.Evaluate(day).Settings.Count == 0, "the settings of a call before are in force");
        }
    }

    private static void Told()
    {
        var calls = new List<Call>();
        var log = new List<string>();
        var options = new Options { AllowDraft = true, OnCall = calls.Add, OnDecision = (decision, hash) => log.Add(hash + decision.Package) };
        using (Rule news2 = Rule.Load(Module("news2"), options))
        {
            news2.Check(new { spo2 = 200 });
            That(calls.Count == 0, "a case that is only checked is told to nobody");
            Thrown<CaseRefused>("spo2", () => news2.Evaluate("{\"spo2\":200}"));
            news2.Evaluate("{\"spo2\":97}");
            That(string.Join(" ", calls.Select(call => call.Outcome)) == "refused answered", "outcomes");
            That(calls[0].Codes.Single() == "D08" && calls[1].Unknown > 0, "codes");
            That(log.Single() == Hash(Encoding.UTF8.GetBytes("{\"spo2\":97}")) + "clinical.news2", "log");
        }
        calls.Clear();
        log.Clear();
        options.OnDecision = (decision, hash) => log.Add(decision["saturation"] is Value ? "known" : "unknown");
        using (Rule news2 = Rule.Load(Module("news2"), options))
        {
            var columns = new { respiration_rate = new[] { 25, 12 }, spo2 = new int?[] { 91, null }, scale = new[] { "scale_1", "scale_1" }, on_oxygen = new[] { true, false } };
            news2.EvaluateTable(columns, new[] { "saturation", "risk" });
            Thrown<CaseRefused>("row", () => news2.EvaluateTable(new { spo2 = new[] { 97, 200 } }, new[] { "risk" }));
            That(string.Join(" ", calls.Select(call => call.Outcome + call.Unknown + "of" + call.Cases)) == "answered2of2 refused0of2", "calls about tables");
            That(calls[1].Codes.Single() == "D08" && string.Join(" ", log) == "known unknown", "log of a table");
        }
        options.OnCall = call => { throw new InvalidOperationException("of the hook"); };
        using (Rule news2 = Rule.Load(Module("news2"), options))
        {
            Thrown<InvalidOperationException>("hook", () => news2.Evaluate("{\"spo2\":97}"));
        }
    }

    private static void Deadline()
    {
        using (Rule rota = Loaded("rota_tcs2016"))
        {
            DateTimeOffset begin = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
            var events = Enumerable.Range(0, 800).Select(shift => new { @event = "Shift", at = begin.AddHours(20 * shift), finish = begin.AddHours(20 * shift + 8) });
            var ask = new Ask { AsOf = begin.AddYears(15), Deadline = TimeSpan.FromMilliseconds(2) };
            string text = Json.Write(new { events });
            DateTime begun = DateTime.UtcNow;
            That(Thrown<LimitReached>("deadline", () => rota.Evaluate(text, ask)).Limit == "deadline", "limit");
            That(DateTime.UtcNow - begun < TimeSpan.FromSeconds(5), "in time");
            rota.Evaluate("{}", new Ask { AsOf = begin });
        }
    }

    private static void Tables()
    {
        using (Rule news2 = Loaded("news2"))
        {
            var columns = new { respiration_rate = new[] { 25, 12 }, spo2 = new int?[] { 91, null }, scale = new[] { "scale_1", "scale_1" }, on_oxygen = new[] { true, false } };
            var table = news2.EvaluateTable(columns, new[] { "saturation", "risk" });
            That(table["saturation"].SequenceEqual(new object[] { 3L, null }) && table["saturation.to"].SequenceEqual(new object[] { null, 3L }), "saturation");
            That(table["risk.kind"].SequenceEqual(new object[] { "value", "unknown" }) && table.Count == 6, "risk");
            CaseRefused refused = Thrown<CaseRefused>("row", () => news2.EvaluateTable(new { spo2 = new[] { 97, 200 } }, new[] { "risk" }));
            That(refused.Faults[0].At == "/1/spo2", "row");
        }
    }

    private static void Eight(Action<int> work)
    {
        Thread[] threads = Enumerable.Range(0, 8)
            .Select(thread => new Thread(() =>
            {
                try
                {
                    work(thread);
                }
                catch (Exception error)
                {
                    That(false, error.ToString());
                }
            }))
            .ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
    }

    private static void Threads()
    {
        using (Rule sepsis = Loaded("sepsis"))
        {
            var cases = Enumerable.Range(0, 36)
                .Select(place =>
                {
                    string text = "{\"as_of\":\"2026-03-29T" + (6 + (place / 2)).ToString("00")
                        + ":00Z\",\"age\":70,\"events\":[{\"event\":\"SepsisTriage\",\"at\":\"2026-03-29T05:00Z\"}]}";
                    var ask = new Ask { Settings = place % 2 == 0 ? "{}" : "{\"antibiotics_within\":\"PT45M\"}" };
                    return Tuple.Create(text, ask, sepsis.Evaluate(text, ask).Record);
                })
                .ToArray();
            Action<TimeSpan> load = lasting =>
            {
                DateTime until = DateTime.UtcNow + lasting;
                Eight(thread =>
                {
                    for (int turn = thread; DateTime.UtcNow < until; turn++)
                    {
                        var of = cases[turn % cases.Length];
                        That(sepsis.Evaluate(of.Item1, of.Item2).Record == of.Item3, "an answer");
                    }
                });
            };
            load(TimeSpan.FromTicks(Lasting.Ticks / 4));
            long before = GC.GetTotalMemory(true);
            load(Lasting);
            long after = GC.GetTotalMemory(true);
            That(after < before + (4 << 20) && sepsis.Idle <= 8, "growth from " + before + " to " + after);
        }
    }

    private static void Reload()
    {
        byte[] first = Module("news2");
        byte[] second = Module("later/news2");
        var versions = new Dictionary<string, string> { { Hash(first), "1.0.0" }, { Hash(second), "1.0.1" } };
        string path = Path.Combine(scratch, "news2.wasm");
        Write(path, first);
        int told = 0;
        int newer = 0;
        bool over = false;
        var options = new Options { AllowDraft = true };
        using (Rules rules = Rules.Open(scratch, options, (package, old, now) => Interlocked.Increment(ref told), (file, why) => Interlocked.Increment(ref told)))
        {
            rules.Watch(TimeSpan.FromMilliseconds(5));
            var deployer = new Thread(() =>
            {
                DateTime until = DateTime.UtcNow + Lasting;
                for (int turn = 0; turn < 6 || DateTime.UtcNow < until; turn++)
                {
                    int before = Volatile.Read(ref told);
                    Write(path, new[] { second, Encoding.UTF8.GetBytes("<html>"), first }[turn % 3]);
                    SpinWait.SpinUntil(() => Volatile.Read(ref told) > before, TimeSpan.FromSeconds(60));
                    That(Volatile.Read(ref told) > before, "a change is told");
                }
                Volatile.Write(ref over, true);
            });
            deployer.Start();
            Eight(thread =>
            {
                while (!Volatile.Read(ref over))
                {
                    using (Rule rule = rules["clinical.news2"])
                    {
                        Decision decision = rule.Evaluate("{\"spo2\":97}");
                        That(versions[decision.Sha256] == decision.Version && rule.Info.Version == decision.Version, "versions are mixed");
                        if (decision.Version == "1.0.1")
                        {
                            Interlocked.Increment(ref newer);
                        }
                    }
                }
            });
            deployer.Join();
        }
        That(newer > 0, "the newer version answers");
    }

    private static void Twice()
    {
        byte[] module = Module("news2");
        Write(Path.Combine(scratch, "news2.wasm"), module);
        Write(Path.Combine(scratch, "news2b.wasm"), module.Concat(new byte[] { 0, 3, 1, (byte)'x', 0 }).ToArray());
        That(Thrown<RuleRefused>("twice", () => Rules.Open(scratch, new Options { AllowDraft = true })).Code == "twice", "twice");
        File.Delete(Path.Combine(scratch, "news2b.wasm"));
    }
}
