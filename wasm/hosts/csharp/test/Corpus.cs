using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Concord;

/// <summary>Answers every case of the corpus in this host: `Corpus FAULTY.json FOLDER…`. The page of the hosts says what it prints.</summary>
internal static class Corpus
{
    private static readonly SHA256 Records = SHA256.Create();
    private static int passed;
    private static int failed;

    private static int Main(string[] arguments)
    {
        foreach (string folder in arguments.Skip(1))
        {
            IEnumerable<string> names = Directory.GetFiles(folder, "*.vectors.json").Select(path => Path.GetFileName(path).Replace(".vectors.json", ""));
            foreach (string module in names.OrderBy(name => name, StringComparer.Ordinal))
            {
                Vectors(folder, module);
            }
        }
        Faulty(arguments[0], arguments[1]);
        Records.TransformFinalBlock(new byte[0], 0, 0);
        Console.WriteLine("{0} passed, {1} failed", passed, failed);
        Console.WriteLine("records {0}", string.Concat(Records.Hash.Select(one => one.ToString("x2"))));
        return passed > 0 && failed == 0 ? 0 : 1;
    }

    private static void That(bool holds, string what, object found)
    {
        if (holds)
        {
            passed++;
        }
        else if (failed++ < 20)
        {
            Console.Error.WriteLine("{0}: {1}", what, found);
        }
    }

    private static Rule Load(string folder, string module)
    {
        return Rule.Load(Path.Combine(folder, module + ".wasm"), new Options { AllowDraft = true });
    }

    private static void Vectors(string folder, string module)
    {
        using (Rule rule = Load(folder, module))
        {
            Dictionary<string, object> file = Json.Object(Json.Read(File.ReadAllText(Path.Combine(folder, module + ".vectors.json"))));
            foreach (Dictionary<string, object> of in (List<object>)file["cases"])
            {
                string what = module + ": " + of["name"];
                try
                {
                    Decision decision = rule.Evaluate(of["case"], new Ask { Settings = of["settings"], Explain = true });
                    byte[] record = Encoding.UTF8.GetBytes(decision.Record + "\n");
                    Records.TransformBlock(record, 0, record.Length, null, 0);
                    Dictionary<string, object> wanted = Json.Object(of["answers"]);
                    bool same = decision.Names.Count == wanted.Count && wanted.All(one => Same(Plain(decision[one.Key]), one.Value));
                    That(same, what, "other answers");
                }
                catch (ConcordException error)
                {
                    That(false, what, error.Message);
                }
            }
        }
    }

    /// <summary>An answer as a record has it.</summary>
    private static Dictionary<string, object> Plain(Answer answer)
    {
        var of = new Dictionary<string, object>();
        if (answer is Value value)
        {
            of["kind"] = "value";
            of["value"] = value.Is;
        }
        else if (answer is None)
        {
            of["kind"] = "none";
            of["value"] = null;
        }
        else if (answer is Unknown unknown)
        {
            var possible = new Dictionary<string, object>();
            Put(possible, "from", unknown.Possible.From);
            Put(possible, "to", unknown.Possible.To);
            Put(possible, "values", unknown.Possible.Values == null ? null : unknown.Possible.Values.ToList());
            possible["or_none"] = unknown.Possible.OrNone;
            of["kind"] = "unknown";
            of["possible"] = possible;
            of["needs"] = unknown.Needs.Select(Need).ToList();
        }
        else if (answer is Verdict verdict)
        {
            of["kind"] = "verdict";
            of["verdict"] = verdict.Is;
            Put(of, "from", verdict.From);
            Put(of, "due", verdict.Due);
            Put(of, "due_on", verdict.DueOn);
            Put(of, "done", verdict.Done);
            Put(of, "late_by", verdict.LateBy);
            Put(of, "late_by_days", verdict.LateByDays);
            Put(of, "late_by_working_days", verdict.LateByWorkingDays);
            Put(of, "excuse", verdict.Excuse);
            Put(of, "possible", verdict.Possible == null ? null : verdict.Possible.Cast<object>().ToList());
            Put(of, "needs", verdict.Needs == null ? null : verdict.Needs.Select(Need).ToList());
        }

        of["text"] = answer.Text;
        Put(of, "because", answer.Because == null ? null : answer.Because.Cast<object>().ToList());
        Put(of, "source", answer.Source);
        return of;
    }

    private static object Need(Need need)
    {
        var of = new Dictionary<string, object> { { "kind", need.Kind }, { "text", need.Text } };
        Put(of, "fact", need.Fact);
        Put(of, "event", need.Event);
        Put(of, "field", need.Field);
        Put(of, "parameter", need.Parameter);
        Put(of, "answer", need.Answer);
        Put(of, "until", need.Until);
        return of;
    }

    private static void Put(Dictionary<string, object> of, string name, object value)
    {
        if (value != null)
        {
            of[name] = value;
        }
    }

    /// <summary>Whether two values are the same as JSON, numbers exactly.</summary>
    private static bool Same(object one, object other)
    {
        if (one is Dictionary<string, object> map)
        {
            return other is Dictionary<string, object> another
                && map.Count == another.Count
                && map.All(entry => another.ContainsKey(entry.Key) && Same(entry.Value, another[entry.Key]));
        }
        if (one is List<object> list)
        {
            return other is List<object> another && list.Count == another.Count && list.Zip(another, Same).All(same => same);
        }
        if ((one is long || one is decimal) && (other is long || other is decimal))
        {
            return Convert.ToDecimal(one) == Convert.ToDecimal(other);
        }
        return Equals(one, other);
    }

    private static void Faulty(string path, string folder)
    {
        var rules = new Dictionary<string, Rule>();
        foreach (Dictionary<string, object> of in (List<object>)Json.Object(Json.Read(File.ReadAllText(path)))["cases"])
        {
            string module = Json.Text(of, "module");
            if (!rules.ContainsKey(module))
            {
                rules[module] = Load(folder, module);
            }
            string digits = Json.Text(of, "bytes");
            byte[] text = digits == null
                ? Encoding.UTF8.GetBytes(Json.Text(of, "case"))
                : Enumerable.Range(0, digits.Length / 2).Select(place => Convert.ToByte(digits.Substring(2 * place, 2), 16)).ToArray();
            string how = "answers";
            string faults = "";
            try
            {
                var ask = new Ask { Settings = Json.Text(of, "settings"), Member = Json.Text(of, "member") };
                Decision decision = rules[module].Evaluate(text, ask);
                string record = Json.Text(of, "record");
                if (record != null && decision.Record.Contains(record))
                {
                    That(decision.NotApplied.Count.ToString() == Json.Get(of, "not_applied").ToString(), Json.Text(of, "name"), decision.Record);
                    continue;
                }
            }
            catch (CaseRefused refused)
            {
                how = "refused";
                faults = string.Join("; ", refused.Faults);
            }
            catch (SettingRefused refused)
            {
                how = "setting_refused";
                faults = string.Join("; ", refused.Faults);
            }
            catch (ClaimBroken broken)
            {
                how = "broken";
                faults = broken.Claim;
            }
            object wanted = Json.Get(of, how);
            string said = wanted as string ?? (wanted == null ? null : string.Join("; ", ConcordException.Faults(wanted)));
            That(said == faults, Json.Text(of, "name"), how + ": " + faults);
        }
    }
}
