using System;
using System.Collections.Generic;

namespace Concord
{
    /// <summary>A rule's answers to one case, and what is needed to judge it again.</summary>
    public sealed class Decision
    {
        private readonly Dictionary<string, Answer> answers = new Dictionary<string, Answer>();
        private readonly List<string> names = new List<string>();

        private Decision(IntPtr decision)
        {
            Record = Native.Text(Native.concord_decision_json(decision));
            Sha256 = Native.Text(Native.concord_decision_sha256(decision));
            Member = Native.Text(Native.concord_decision_member(decision));
            NotApplied = Json.List(
                Json.Read(Native.Text(Native.concord_decision_not_applied(decision))), one => Json.Text(Json.Object(one), "parameter"));
            Dictionary<string, object> of = Json.Object(Json.Read(Record));
            Package = Json.Text(of, "package");
            Version = Json.Text(of, "version");
            Status = Json.Text(of, "status");
            Unverified = (bool)of["unverified"];
            Fingerprint = Json.Text(of, "fingerprint");
            AsOf = Json.Text(of, "as_of");
            Settings = Json.Object(of["settings"]);
            foreach (KeyValuePair<string, object> answer in Json.Object(of["answers"]))
            {
                names.Add(answer.Key);
                answers.Add(answer.Key, Answer.Read(Json.Object(answer.Value)));
            }
        }

        /// <summary>The package.</summary>
        public string Package { get; }

        /// <summary>Its version.</summary>
        public string Version { get; }

        /// <summary>draft or approved.</summary>
        public string Status { get; }

        /// <summary>Whether a figure of the rule is marked as unverified.</summary>
        public bool Unverified { get; }

        /// <summary>Of the logic.</summary>
        public string Fingerprint { get; }

        /// <summary>The instant judged at, or null.</summary>
        public string AsOf { get; }

        /// <summary>The member's settings in force, as a case has them.</summary>
        public IReadOnlyDictionary<string, object> Settings { get; }

        /// <summary>The hash of the module.</summary>
        public string Sha256 { get; }

        /// <summary>The member whose settings were asked for, or null.</summary>
        public string Member { get; }

        /// <summary>Those of its parameters whose settings are not approved on the day.</summary>
        public IReadOnlyList<string> NotApplied { get; }

        /// <summary>The record as the module wrote it, to the byte.</summary>
        public string Record { get; }

        /// <summary>The names of the answers, in the order of the rule.</summary>
        public IReadOnlyList<string> Names => names.AsReadOnly();

        /// <summary>One answer; a name that the rule does not have is an error, and never an empty answer.</summary>
        public Answer this[string name]
        {
            get
            {
                Answer answer;
                if (!answers.TryGetValue(name, out answer))
                {
                    throw new KeyNotFoundException(Package + " has no answer " + name);
                }
                return answer;
            }
        }

        /// <summary>Reads a decision of the library, which stays.</summary>
        internal static Decision Read(IntPtr decision)
        {
            return new Decision(decision);
        }
    }
}
