using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Concord
{
    /// <summary>What metrics are told of a call. Nothing of it is of the patient.</summary>
    public sealed class Call
    {
        internal Call(Native.Called of)
        {
            Package = Native.Text(of.Package);
            Version = Native.Text(of.Version);
            Fingerprint = Native.Text(of.Fingerprint);
            Outcome = Native.Text(of.Outcome);
            Took = TimeSpan.FromTicks((long)(of.Seconds * TimeSpan.TicksPerSecond));
            var codes = new List<string>();
            for (int place = 0; place < (int)of.CodeCount; place++)
            {
                codes.Add(Native.Text(Marshal.ReadIntPtr(of.Codes, place * IntPtr.Size)));
            }
            Codes = codes.AsReadOnly();
            Unknown = (int)of.Unknown;
            Cases = (int)of.Cases;
        }

        /// <summary>The package.</summary>
        public string Package { get; }

        /// <summary>Its version.</summary>
        public string Version { get; }

        /// <summary>Of the logic.</summary>
        public string Fingerprint { get; }

        /// <summary>answered, refused, setting_refused, claim_broken, limit or stopped.</summary>
        public string Outcome { get; }

        /// <summary>How long it took.</summary>
        public TimeSpan Took { get; }

        /// <summary>The codes of the faults.</summary>
        public IReadOnlyList<string> Codes { get; }

        /// <summary>How many answers are not known.</summary>
        public int Unknown { get; }

        /// <summary>How many cases it was about: one, or the rows of a table.</summary>
        public int Cases { get; }
    }

    /// <summary>How a rule is loaded. With nothing said, drafts are refused, and golden cases answered first.</summary>
    public sealed class Options
    {
        /// <summary>The hash that the file must have, in hexadecimal digits.</summary>
        public string Sha256 { get; set; }

        /// <summary>The fingerprint that its logic must have.</summary>
        public string Fingerprint { get; set; }

        /// <summary>Whether a rule may answer that nobody has approved.</summary>
        public bool AllowDraft { get; set; }

        /// <summary>Takes a module that has not answered its golden cases first.</summary>
        public bool WithoutVerifying { get; set; }

        /// <summary>Is told of every call, for metrics: nothing of the patient.</summary>
        public Action<Call> OnCall { get; set; }

        /// <summary>Is told of every answer, for the decision log, and of the SHA-256 of the case's text as it went in.</summary>
        public Action<Decision, string> OnDecision { get; set; }

        internal Native.Loading Loading(Pinned texts, Hooks hooks)
        {
            return new Native.Loading
            {
                Sha256 = texts.Text(Sha256),
                Fingerprint = texts.Text(Fingerprint),
                AllowDraft = AllowDraft ? 1 : 0,
                WithoutVerifying = WithoutVerifying ? 1 : 0,
                OnCall = hooks.Call,
                OnDecision = hooks.Decision,
            };
        }
    }

    /// <summary>What the library calls. No exception may pass through it: what a hook throws waits, and comes out of the call.</summary>
    internal sealed class Hooks
    {
        [ThreadStatic]
        private static Exception thrown;

        internal readonly Native.CallHook Call;
        internal readonly Native.DecisionHook Decision;

        internal Hooks(Options options)
        {
            Action<Call> onCall = options.OnCall;
            Action<Decision, string> onDecision = options.OnDecision;
            if (onCall != null)
            {
                Call = (context, call) => Guard(() => onCall(new Call((Native.Called)Marshal.PtrToStructure(call, typeof(Native.Called)))));
            }
            if (onDecision != null)
            {
                Decision = (context, decision, hash) => Guard(() => onDecision(Concord.Decision.Read(decision), Native.Text(hash)));
            }
        }

        internal static void Guard(Action work)
        {
            try
            {
                work();
            }
            catch (Exception error)
            {
                thrown = thrown ?? error;
            }
        }

        /// <summary>Throws what a hook has thrown on this thread.</summary>
        internal static void Rethrow()
        {
            Exception error = thrown;
            thrown = null;
            if (error != null)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(error).Throw();
            }
        }
    }

    /// <summary>How a case is asked about.</summary>
    public sealed class Ask
    {
        /// <summary>The instant to judge at, for a case that does not say it: to the millisecond, what is finer is cut off.</summary>
        public DateTimeOffset? AsOf { get; set; }

        /// <summary>A member's settings: an object, a dictionary, or their text as JSON. They are in force for this call and no others.</summary>
        public object Settings { get; set; }

        /// <summary>A member's code: its settings of the manifest are in force, as far as their approval holds on the day of as_of in London.</summary>
        public string Member { get; set; }

        /// <summary>Has each answer say why.</summary>
        public bool Explain { get; set; }

        /// <summary>After how long the answer is of no use; where nothing is left, there is none.</summary>
        public TimeSpan? Deadline { get; set; }

        internal Native.Asking Asking(Pinned texts)
        {
            if (Deadline != null && Deadline.Value <= TimeSpan.Zero)
            {
                throw new LimitReached("a limit was reached: deadline", "deadline");
            }
            string settings = Settings as string ?? (Settings == null ? null : Json.Write(Settings));
            string asOf = AsOf == null
                ? null
                : AsOf.Value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
            return new Native.Asking
            {
                AsOf = texts.Text(asOf),
                Settings = texts.Text(settings),
                Member = texts.Text(Member),
                Explain = Explain ? 1 : 0,
                DeadlineMs = Deadline == null ? 0 : (ulong)Math.Max(1, (long)Deadline.Value.TotalMilliseconds),
            };
        }
    }
}
