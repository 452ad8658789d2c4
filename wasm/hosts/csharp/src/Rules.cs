using System;
using System.Collections.Generic;

namespace Concord
{
    /// <summary>The rules of a folder, every .wasm but those for batches, which can be reloaded while they are in use.</summary>
    public sealed class Rules : IDisposable
    {
        /// <summary>Those that a watch may still call: they stay until they are disposed of.</summary>
        private static readonly HashSet<Rules> Alive = new HashSet<Rules>();

        private readonly RulesHandle handle;
        private readonly Hooks hooks;
        private readonly Native.Watching watching; // the library calls what is in it

        private Rules(RulesHandle handle, Hooks hooks, Native.Watching watching)
        {
            this.handle = handle;
            this.hooks = hooks;
            this.watching = watching;
            lock (Alive)
            {
                Alive.Add(this);
            }
        }

        /// <summary>The rule of a package, in its highest version.</summary>
        public Rule this[string package]
        {
            get { return Get(package, null); }
        }

        /// <summary>
        /// Loads the rules of a folder. `onChange` is told of a package and of the hashes before and after, of which one is null where the rule is new or has gone;
        /// `onRefused` of each file that is refused, which without it is an error. What these throw is not passed on.
        /// </summary>
        public static Rules Open(
            string folder, Options options = null, Action<string, string, string> onChange = null, Action<string, Exception> onRefused = null)
        {
            options = options ?? new Options();
            var hooks = new Hooks(options);
            var watching = new Native.Watching();
            if (onChange != null)
            {
                watching.OnChange = (context, package, before, after) =>
                    Hooks.Guard(() => onChange(Native.Text(package), Native.Text(before), Native.Text(after)));
            }
            if (onRefused != null)
            {
                watching.OnRefused = (context, path, error) => Hooks.Guard(() => onRefused(
                    Native.Text(path), ConcordException.Of(Json.Object(Json.Read(Native.Text(Native.concord_error_json(error)))))));
            }
            using (var texts = new Pinned())
            {
                Native.Loading loading = options.Loading(texts, hooks);
                IntPtr error;
                RulesHandle handle = Native.concord_rules_open(Native.Text(folder), ref loading, ref watching, out error);
                if (handle.IsInvalid)
                {
                    throw ConcordException.Of(error);
                }
                return new Rules(handle, hooks, watching);
            }
        }

        /// <summary>The rule of a package in one version.</summary>
        public Rule Get(string package, string version)
        {
            IntPtr error;
            RuleHandle rule = Native.concord_rules_get(handle, Native.Text(package), Native.Text(version), out error);
            if (rule.IsInvalid)
            {
                throw ConcordException.Of(error);
            }
            return new Rule(rule, hooks);
        }

        /// <summary>Looks at the folder again. Calls that have begun end in the rule that they began in; a file that is refused changes nothing, and is thrown.</summary>
        public void Reload()
        {
            IntPtr error = Native.concord_rules_reload(handle);
            if (error != IntPtr.Zero)
            {
                throw ConcordException.Of(error);
            }
        }

        /// <summary>Reloads again and again, until the rules are let go.</summary>
        public void Watch(TimeSpan every)
        {
            Native.concord_rules_watch(handle, (ulong)Math.Max(1, (long)every.TotalMilliseconds));
        }

        /// <summary>Ends the watch. Rules that were got go on.</summary>
        public void Dispose()
        {
            handle.Dispose();
            GC.KeepAlive(watching);
            lock (Alive)
            {
                Alive.Remove(this);
            }
        }
    }
}
