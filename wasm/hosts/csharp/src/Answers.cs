using System;
using System.Collections.Generic;

namespace Concord
{
    /// <summary>An answer is a Value, a None, an Unknown or a Verdict, told apart by its type. None has a value that stands for the others.</summary>
    public abstract class Answer
    {
        internal Answer(Dictionary<string, object> of)
        {
            Text = Json.Text(of, "text");
            Because = Json.List(Json.Get(of, "because"), one => (string)one);
            Source = Json.Text(of, "source");
        }

        /// <summary>The answer in words.</summary>
        public string Text { get; private set; }

        /// <summary>Why it is so, a sentence each; null unless it was asked for.</summary>
        public IReadOnlyList<string> Because { get; private set; }

        /// <summary>The citation; null unless it was asked for and the rule has one.</summary>
        public string Source { get; private set; }

        /// <summary>Whether nothing more needs to be known.</summary>
        public abstract bool IsKnown { get; }

        internal static Answer Read(Dictionary<string, object> of)
        {
            switch (Json.Text(of, "kind"))
            {
                case "value":
                    return new Value(of);
                case "none":
                    return new None(of);
                case "unknown":
                    return new Unknown(of);
                case "verdict":
                    return new Verdict(of);
                default:
                    throw new FormatException("this host knows no answer of the kind " + Json.Text(of, "kind"));
            }
        }
    }

    /// <summary>It is known.</summary>
    public sealed class Value : Answer
    {
        internal Value(Dictionary<string, object> of)
            : base(of)
        {
            Is = Json.Get(of, "value");
        }

        /// <summary>A bool; a long or a decimal, exactly; or a string: a choice, a code, an instant, a date, a length of time.</summary>
        public object Is { get; private set; }

        /// <inheritdoc/>
        public override bool IsKnown
        {
            get { return true; }
        }
    }

    /// <summary>It is known that there is none: recorded as absent, or the rule gives no value.</summary>
    public sealed class None : Answer
    {
        internal None(Dictionary<string, object> of)
            : base(of)
        {
        }

        /// <inheritdoc/>
        public override bool IsKnown
        {
            get { return true; }
        }
    }

    /// <summary>Something is missing.</summary>
    public sealed class Unknown : Answer
    {
        internal Unknown(Dictionary<string, object> of)
            : base(of)
        {
            Possible = new Possible(Json.Object(Json.Get(of, "possible")));
            Needs = Json.List(Json.Get(of, "needs"), one => new Need(Json.Object(one)));
        }

        /// <summary>What it may still be.</summary>
        public Possible Possible { get; private set; }

        /// <summary>What would settle it.</summary>
        public IReadOnlyList<Need> Needs { get; private set; }

        /// <inheritdoc/>
        public override bool IsKnown
        {
            get { return false; }
        }
    }

    /// <summary>A verdict on an obligation. What is not known or does not apply is null; instants are in UTC.</summary>
    public sealed class Verdict : Answer
    {
        internal Verdict(Dictionary<string, object> of)
            : base(of)
        {
            Is = Json.Text(of, "verdict");
            From = Json.Text(of, "from");
            Due = Json.Text(of, "due");
            DueOn = Json.Text(of, "due_on");
            Done = Json.Text(of, "done");
            LateBy = Json.Text(of, "late_by");
            LateByDays = (long?)Json.Get(of, "late_by_days");
            LateByWorkingDays = (long?)Json.Get(of, "late_by_working_days");
            Excuse = Json.Text(of, "excuse");
            Possible = Json.List(Json.Get(of, "possible"), one => (string)one);
            Needs = Json.List(Json.Get(of, "needs"), one => new Need(Json.Object(one)));
        }

        /// <summary>not applicable, excused, met, late, missed, open or unknown.</summary>
        public string Is { get; private set; }

        /// <summary>Since when the time runs.</summary>
        public string From { get; private set; }

        /// <summary>When it is due.</summary>
        public string Due { get; private set; }

        /// <summary>The day in London on which it is due, where it is due by a day.</summary>
        public string DueOn { get; private set; }

        /// <summary>When it was done.</summary>
        public string Done { get; private set; }

        /// <summary>How late it is, as ISO 8601.</summary>
        public string LateBy { get; private set; }

        /// <summary>How many calendar days late, where it is due by a day.</summary>
        public long? LateByDays { get; private set; }

        /// <summary>How many working days late, where the deadline counts those.</summary>
        public long? LateByWorkingDays { get; private set; }

        /// <summary>The reason that excuses it.</summary>
        public string Excuse { get; private set; }

        /// <summary>The verdicts that are still possible, where it is unknown.</summary>
        public IReadOnlyList<string> Possible { get; private set; }

        /// <summary>What would settle it, where it is unknown.</summary>
        public IReadOnlyList<Need> Needs { get; private set; }

        /// <inheritdoc/>
        public override bool IsKnown
        {
            get { return Is != "unknown"; }
        }
    }

    /// <summary>What an unknown answer may still be: between two values or one of some, and none where that is possible too.</summary>
    public sealed class Possible
    {
        internal Possible(Dictionary<string, object> of)
        {
            From = Json.Get(of, "from");
            To = Json.Get(of, "to");
            Values = Json.List(Json.Get(of, "values"), one => one);
            OrNone = (bool)of["or_none"];
        }

        /// <summary>The least, or null.</summary>
        public object From { get; private set; }

        /// <summary>The greatest, or null.</summary>
        public object To { get; private set; }

        /// <summary>The choices, or null.</summary>
        public IReadOnlyList<object> Values { get; private set; }

        /// <summary>Whether it may be none.</summary>
        public bool OrNone { get; private set; }

        /// <inheritdoc/>
        public override string ToString()
        {
            var words = new List<string>();
            if (From != null)
            {
                words.Add(Show(From) + " to " + Show(To));
            }
            foreach (object value in Values ?? new object[0])
            {
                words.Add(Show(value));
            }
            if (OrNone)
            {
                words.Add("none");
            }
            return string.Join(" or ", words);
        }

        private static string Show(object of)
        {
            return of as string ?? Json.Write(of);
        }
    }

    /// <summary>Something that is missing. What does not apply is null.</summary>
    public sealed class Need
    {
        internal Need(Dictionary<string, object> of)
        {
            Kind = Json.Text(of, "kind");
            Fact = Json.Text(of, "fact");
            Event = Json.Text(of, "event");
            Field = Json.Text(of, "field");
            Parameter = Json.Text(of, "parameter");
            Answer = Json.Text(of, "answer");
            Until = Json.Text(of, "until");
            Text = Json.Text(of, "text");
        }

        /// <summary>fact, field, time, events, parameter or decision.</summary>
        public string Kind { get; private set; }

        /// <summary>The fact.</summary>
        public string Fact { get; private set; }

        /// <summary>The kind of event.</summary>
        public string Event { get; private set; }

        /// <summary>The field of the event.</summary>
        public string Field { get; private set; }

        /// <summary>The parameter.</summary>
        public string Parameter { get; private set; }

        /// <summary>The obligation that is still open.</summary>
        public string Answer { get; private set; }

        /// <summary>Until when it is.</summary>
        public string Until { get; private set; }

        /// <summary>In words.</summary>
        public string Text { get; private set; }
    }
}
