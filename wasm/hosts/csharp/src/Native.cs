using System;
using System.Runtime.InteropServices;
using System.Text;

namespace Concord
{
    /// <summary>The functions of the library, as concord.h has them.</summary>
    internal static class Native
    {
        private const string Library = "concord";

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate void CallHook(IntPtr context, IntPtr call);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate void DecisionHook(IntPtr context, IntPtr decision, IntPtr caseSha256);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate void ChangeHook(IntPtr context, IntPtr package, IntPtr before, IntPtr after);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate void RefusedHook(IntPtr context, IntPtr path, IntPtr error);

        [StructLayout(LayoutKind.Sequential)]
        internal struct Loading
        {
            internal IntPtr Sha256;
            internal IntPtr Fingerprint;
            internal int AllowDraft;
            internal int WithoutVerifying;
            internal CallHook OnCall;
            internal DecisionHook OnDecision;
            internal IntPtr Context;
        }

        [StructLayout(LayoutKind.Sequential)]
        internal struct Called
        {
            internal IntPtr Package;
            internal IntPtr Version;
            internal IntPtr Fingerprint;
            internal IntPtr Outcome;
            internal double Seconds;
            internal IntPtr Codes;
            internal UIntPtr CodeCount;
            internal UIntPtr Unknown;
        }

        [StructLayout(LayoutKind.Sequential)]
        internal struct Asking
        {
            internal IntPtr AsOf;
            internal IntPtr Settings;
            internal IntPtr Member;
            internal int Explain;
            internal ulong DeadlineMs;
        }

        [StructLayout(LayoutKind.Sequential)]
        internal struct Watching
        {
            internal ChangeHook OnChange;
            internal RefusedHook OnRefused;
            internal IntPtr Context;
        }

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr concord_error_json(IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern void concord_error_free(IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern RuleHandle concord_load(byte[] path, ref Loading options, out IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern RuleHandle concord_load_bytes(byte[] module, UIntPtr length, ref Loading options, out IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr concord_info(RuleHandle rule);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr concord_schema(RuleHandle rule);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr concord_bytes(RuleHandle rule, out UIntPtr length);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern UIntPtr concord_idle(RuleHandle rule);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern void concord_rule_free(IntPtr rule);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr concord_evaluate(RuleHandle rule, byte[] json, UIntPtr length, ref Asking ask, out IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr concord_evaluate_table(RuleHandle rule, byte[] columns, byte[] want, ref Asking ask, out IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern void concord_text_free(IntPtr text);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr concord_decision_json(IntPtr decision);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr concord_decision_sha256(IntPtr decision);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr concord_decision_member(IntPtr decision);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr concord_decision_not_applied(IntPtr decision);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern void concord_decision_free(IntPtr decision);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern RulesHandle concord_rules_open(byte[] folder, ref Loading options, ref Watching watcher, out IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern RuleHandle concord_rules_get(RulesHandle rules, byte[] package, byte[] version, out IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr concord_rules_reload(RulesHandle rules);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern void concord_rules_watch(RulesHandle rules, ulong everyMs);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern void concord_rules_free(IntPtr rules);

        /// <summary>Text as C has it: UTF-8, and a zero byte at the end.</summary>
        internal static byte[] Text(string text)
        {
            return text == null ? null : Encoding.UTF8.GetBytes(text + "\0");
        }

        /// <summary>Text that C has given, or null.</summary>
        internal static string Text(IntPtr at)
        {
            if (at == IntPtr.Zero)
            {
                return null;
            }
            int length = 0;
            while (Marshal.ReadByte(at, length) != 0)
            {
                length++;
            }
            byte[] bytes = new byte[length];
            Marshal.Copy(at, bytes, 0, length);
            return Encoding.UTF8.GetString(bytes);
        }
    }

    /// <summary>A rule of the library; it is freed when nobody uses it any more.</summary>
    internal sealed class RuleHandle : SafeHandle
    {
        internal RuleHandle()
            : base(IntPtr.Zero, true)
        {
        }

        public override bool IsInvalid => handle == IntPtr.Zero;

        protected override bool ReleaseHandle()
        {
            Native.concord_rule_free(handle);
            return true;
        }
    }

    /// <summary>The rules of a folder.</summary>
    internal sealed class RulesHandle : SafeHandle
    {
        internal RulesHandle()
            : base(IntPtr.Zero, true)
        {
        }

        public override bool IsInvalid => handle == IntPtr.Zero;

        protected override bool ReleaseHandle()
        {
            Native.concord_rules_free(handle);
            return true;
        }
    }

    /// <summary>Texts that stay where they are for the length of a call.</summary>
    internal sealed class Pinned : IDisposable
    {
        private readonly System.Collections.Generic.List<GCHandle> held = new System.Collections.Generic.List<GCHandle>();

        internal IntPtr Text(string text)
        {
            if (text == null)
            {
                return IntPtr.Zero;
            }
            GCHandle pinned = GCHandle.Alloc(Native.Text(text), GCHandleType.Pinned);
            held.Add(pinned);
            return pinned.AddrOfPinnedObject();
        }

        public void Dispose()
        {
            held.ForEach(one => one.Free());
            held.Clear();
        }
    }
}
