using System;
using System.Collections.Generic;
using System.IO;

namespace Concord
{
    /// <summary>One thing that is wrong with a case or a setting.</summary>
    public sealed class Fault
    {
        internal Fault(string code, string at, string expected)
        {
            Code = code;
            At = at;
            Expected = expected;
        }

        /// <summary>What `concord explain` explains, such as D08.</summary>
        public string Code { get; }

        /// <summary>Where, as a JSON pointer.</summary>
        public string At { get; }

        /// <summary>What belongs there, or null where there is nothing to say.</summary>
        public string Expected { get; }

        /// <inheritdoc/>
        public override string ToString()
        {
            return Code + (At == "" ? "" : " at " + At) + (Expected == null ? "" : ": expected " + Expected);
        }
    }

    /// <summary>Why there is no answer. No message repeats a value of the case.</summary>
    public abstract class ConcordException : Exception
    {
        internal ConcordException(string message)
            : base(message)
        {
        }

        /// <summary>The error that the library gives, which is freed.</summary>
        internal static Exception Of(IntPtr error)
        {
            Dictionary<string, object> of = Json.Object(Json.Read(Native.Text(Native.concord_error_json(error))));
            Native.concord_error_free(error);
            return Of(of);
        }

        internal static Exception Of(Dictionary<string, object> of)
        {
            string message = Json.Text(of, "message");
            string code = Json.Text(of, "code");
            IReadOnlyList<Fault> faults = Faults(Json.Get(of, "faults"));
            switch (Json.Text(of, "error"))
            {
                case "case_refused":
                    return new CaseRefused(message, faults);
                case "setting_refused":
                    return new SettingRefused(message, faults);
                case "rule_refused":
                    return new RuleRefused(message, code);
                case "claim_broken":
                    return new ClaimBroken(message, code);
                case "limit_reached":
                    return new LimitReached(message, code);
                case "unnamed":
                    return new KeyNotFoundException(message);
                case "file":
                    return new IOException(message);
                default:
                    return new ArgumentException(message);
            }
        }

        internal static IReadOnlyList<Fault> Faults(object of)
        {
            return Json.List(of, one =>
            {
                Dictionary<string, object> fault = Json.Object(one);
                return new Fault(Json.Text(fault, "code"), Json.Text(fault, "at"), Json.Text(fault, "expected"));
            });
        }
    }

    /// <summary>The case is faulty, and was not answered.</summary>
    public sealed class CaseRefused : ConcordException
    {
        internal CaseRefused(string message, IReadOnlyList<Fault> faults)
            : base(message)
        {
            Faults = faults;
        }

        /// <summary>What is wrong, in the order of the text.</summary>
        public new IReadOnlyList<Fault> Faults { get; }
    }

    /// <summary>A setting is outside the contract, or there is no such parameter or member.</summary>
    public sealed class SettingRefused : ConcordException
    {
        internal SettingRefused(string message, IReadOnlyList<Fault> faults)
            : base(message)
        {
            Faults = faults;
        }

        /// <summary>What is wrong.</summary>
        public new IReadOnlyList<Fault> Faults { get; }
    }

    /// <summary>The module is not to be trusted.</summary>
    public sealed class RuleRefused : ConcordException
    {
        internal RuleRefused(string message, string code)
            : base(message)
        {
            Code = code;
        }

        /// <summary>sha256, module, interface, json, fingerprint, draft, self_test, twice or stopped.</summary>
        public string Code { get; }
    }

    /// <summary>The case reaches what the rule claims to be impossible.</summary>
    public sealed class ClaimBroken : ConcordException
    {
        internal ClaimBroken(string message, string claim)
            : base(message)
        {
            Claim = claim;
        }

        /// <summary>The claim, in words.</summary>
        public string Claim { get; }
    }

    /// <summary>The deadline passed, or there is no room.</summary>
    public sealed class LimitReached : ConcordException
    {
        internal LimitReached(string message, string limit)
            : base(message)
        {
            Limit = limit;
        }

        /// <summary>deadline or room.</summary>
        public string Limit { get; }
    }
}
