using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;

namespace Concord
{
    /// <summary>A rule that `concord build` has made: one file, NAME.wasm. Any number of threads may use it at once.</summary>
    public sealed class Rule : IDisposable
    {
        private static readonly Ask Plainly = new Ask();
        private readonly RuleHandle handle;
        private readonly Hooks hooks; // the library calls them for as long as the rule is there

        internal Rule(RuleHandle handle, Hooks hooks)
        {
            this.handle = handle;
            this.hooks = hooks;
            Info = new Info(Json.Object(Json.Read(Native.Text(Native.concord_info(handle)))));
        }

        /// <summary>Whose answers they are.</summary>
        public Info Info { get; }

        /// <summary>What a case may hold and an answer may be, as JSON: facts, events, parameters, answers.</summary>
        public string Schema => Native.Text(Native.concord_schema(handle));

        /// <summary>How many instances are kept that no call is using.</summary>
        public int Idle => (int)Native.concord_idle(handle);

        /// <summary>Loads a rule from a file. Where its manifest lies beside it, it must be the one that the manifest names.</summary>
        public static Rule Load(string path, Options options = null)
        {
            return Loaded(options, (ref Native.Loading loading, out IntPtr error) => Native.concord_load(Native.Text(path), ref loading, out error));
        }

        /// <summary>Loads a rule from the bytes of its module.</summary>
        public static Rule Load(byte[] module, Options options = null)
        {
            return Loaded(options, (ref Native.Loading loading, out IntPtr error) =>
                Native.concord_load_bytes(module, (UIntPtr)module.Length, ref loading, out error));
        }

        private delegate RuleHandle Loader(ref Native.Loading loading, out IntPtr error);

        private static Rule Loaded(Options options, Loader load)
        {
            options = options ?? new Options();
            var hooks = new Hooks(options);
            using (var texts = new Pinned())
            {
                Native.Loading loading = options.Loading(texts, hooks);
                IntPtr error;
                RuleHandle handle = load(ref loading, out error);
                if (handle.IsInvalid)
                {
                    throw ConcordException.Of(error);
                }
                return new Rule(handle, hooks);
            }
        }

        /// <summary>The module, from which the rule can be made again elsewhere.</summary>
        public byte[] Bytes()
        {
            UIntPtr length;
            IntPtr at = Native.concord_bytes(handle, out length);
            byte[] module = new byte[(int)length];
            Marshal.Copy(at, module, 0, module.Length);
            return module;
        }

        /// <summary>Answers a case: an object or a dictionary of facts, "as_of" and "events"; or its text as JSON, a string or bytes.</summary>
        public Decision Evaluate(object of, Ask ask = null)
        {
            byte[] text = TextOf(of);
            using (var texts = new Pinned())
            {
                Native.Asking asking = (ask ?? Plainly).Asking(texts);
                IntPtr error;
                IntPtr decision = Native.concord_evaluate(handle, text, (UIntPtr)text.Length, ref asking, out error);
                GC.KeepAlive(hooks);
                try
                {
                    Exception why = decision == IntPtr.Zero ? ConcordException.Of(error) : null;
                    Hooks.Rethrow();
                    if (why != null)
                    {
                        throw why;
                    }
                    return Decision.Read(decision);
                }
                finally
                {
                    Native.concord_decision_free(decision);
                }
            }
        }

        /// <summary>What is wrong with a case: nothing where it can be answered.</summary>
        public IReadOnlyList<Fault> Check(object of, Ask ask = null)
        {
            byte[] text = TextOf(of);
            using (var texts = new Pinned())
            {
                Native.Asking asking = (ask ?? Plainly).Asking(texts);
                IntPtr error = Native.concord_check(handle, text, (UIntPtr)text.Length, ref asking);
                Exception why = error == IntPtr.Zero ? null : ConcordException.Of(error);
                if (why != null && !(why is CaseRefused))
                {
                    throw why;
                }
                return why == null ? new Fault[0] : ((CaseRefused)why).Faults;
            }
        }

        private static byte[] TextOf(object of)
        {
            return of as byte[] ?? Json.Bytes(of as string ?? Json.Write(of));
        }

        /// <summary>Answers many cases without events: lists by fact in, lists by name out, with NAME.kind where a null is to be understood.</summary>
        public IReadOnlyDictionary<string, IReadOnlyList<object>> EvaluateTable(object columns, IEnumerable<string> want, Ask ask = null)
        {
            using (var texts = new Pinned())
            {
                Native.Asking asking = (ask ?? Plainly).Asking(texts);
                IntPtr error;
                IntPtr text = Native.concord_evaluate_table(
                    handle, Native.Text(Json.Write(columns)), Native.Text(Json.Write(want)), ref asking, out error);
                GC.KeepAlive(hooks);
                Exception why = text == IntPtr.Zero ? ConcordException.Of(error) : null;
                string json = Native.Text(text);
                Native.concord_text_free(text);
                Hooks.Rethrow();
                if (why != null)
                {
                    throw why;
                }
                var table = new Dictionary<string, IReadOnlyList<object>>();
                foreach (KeyValuePair<string, object> column in Json.Object(Json.Read(json)))
                {
                    table.Add(column.Key, Json.List(column.Value, one => one));
                }
                return table;
            }
        }

        /// <summary>Lets the rule go. One that is not let go so is let go with the object.</summary>
        public void Dispose()
        {
            handle.Dispose();
        }
    }

    /// <summary>Whose answers they are.</summary>
    public sealed class Info
    {
        internal Info(Dictionary<string, object> of)
        {
            Package = Json.Text(of, "package");
            Version = Json.Text(of, "version");
            Title = Json.Text(of, "title");
            Owner = Json.Text(of, "owner");
            Status = Json.Text(of, "status");
            Unverified = (bool)of["unverified"];
            Fingerprint = Json.Text(of, "fingerprint");
            Sha256 = Json.Text(of, "sha256");
            Sources = Json.List(of["sources"], one => (string)one);
            Members = Json.List(of["members"], one => Json.Text(Json.Object(one), "code"));
        }

        /// <summary>The package.</summary>
        public string Package { get; }

        /// <summary>Its version.</summary>
        public string Version { get; }

        /// <summary>Its title.</summary>
        public string Title { get; }

        /// <summary>Who answers for it.</summary>
        public string Owner { get; }

        /// <summary>draft or approved.</summary>
        public string Status { get; }

        /// <summary>Whether a figure of it is marked as unverified.</summary>
        public bool Unverified { get; }

        /// <summary>Of the logic.</summary>
        public string Fingerprint { get; }

        /// <summary>The hash of the module.</summary>
        public string Sha256 { get; }

        /// <summary>The publications that it states.</summary>
        public IReadOnlyList<string> Sources { get; }

        /// <summary>The codes of the members.</summary>
        public IReadOnlyList<string> Members { get; }
    }
}
