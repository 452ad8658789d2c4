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
        public string Text { get; }

        /// <summary>Why it is so, a sentence each; null unless it was asked for.</summary>
        public IReadOnlyList<string> Because { get; }

        /// <summary>The citation; null unless it was asked for and the rule has one.</summary>
        public string Source { get; }

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
        public object Is { get; }

        /// <inheritdoc/>
        public override bool IsKnown => true;
    }

    /// <summary>It is known that there is none: recorded as absent, or the rule gives no value.</summary>
    public sealed class None : Answer
    {
        internal None(Dictionary<string, object> of)
            : base(of)
        {
        }

        /// <inheritdoc/>
        public override bool IsKnown => true;
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
        public Possible Possible { get; }

        /// <summary>What would settle it.</summary>
        public IReadOnlyList<Need> Needs { get; }

        /// <inheritdoc/>
        public override bool IsKnown => false;
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
        public string Is { get; }

        /// <summary>Since when the time runs.</summary>
        public string From { get; }

        /// <summary>When it is due.</summary>
        public string Due { get; }

        /// <summary>The day in London on which it is due, where it is due by a day.</summary>
        public string DueOn { get; }

        /// <summary>When it was done.</summary>
        public string Done { get; }

        /// <summary>How late it is, as ISO 8601.</summary>
        public string LateBy { get; }

        /// <summary>How many calendar days late, where it is due by a day.</summary>
        public long? LateByDays { get; }

        /// <summary>How many working days late, where the deadline counts those.</summary>
        public long? LateByWorkingDays { get; }

        /// <summary>The reason that excuses it.</summary>
        public string Excuse { get; }

        /// <summary>The verdicts that are still possible, where it is unknown.</summary>
        public IReadOnlyList<string> Possible { get; }

        /// <summary>What would settle it, where it is unknown.</summary>
        public IReadOnlyList<Need> Needs { get; }

        /// <inheritdoc/>
        public override bool IsKnown => Is != "unknown";
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
        public object From { get; }

        /// <summary>The greatest, or null.</summary>
        public object To { get; }

        /// <summary>The choices, or null.</summary>
        public IReadOnlyList<object> Values { get; }

        /// <summary>Whether it may be none.</summary>
        public bool OrNone { get; }

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
        public string Kind { get; }

        /// <summary>The fact.</summary>
        public string Fact { get; }

        /// <summary>The kind of event.</summary>
        public string Event { get; }

        /// <summary>The field of the event.</summary>
        public string Field { get; }

        /// <summary>The parameter.</summary>
        public string Parameter { get; }

        /// <summary>The obligation that is still open.</summary>
        public string Answer { get; }

        /// <summary>Until when it is.</summary>
        public string Until { get; }

        /// <summary>In words.</summary>
        public string Text { get; }
    }
}
