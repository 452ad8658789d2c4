using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Reflection;
using System.Runtime.Serialization.Json;
using System.Text;
using System.Xml;

namespace Concord
{
    /// <summary>JSON by the reader that .NET and Mono both have, with exact numbers: a long, or a decimal.</summary>
    internal static class Json
    {
        /// <summary>What stands for a value that JSON has none for: the module takes it nowhere, and says what belongs in its place.</summary>
        private const string Nothing = "[[]]";

        private static readonly Encoding Strict = new UTF8Encoding(false, true);

        /// <summary>A text in UTF-8. Half of a character has none, and makes a text of it that is none either, as the module says.</summary>
        internal static byte[] Bytes(string text)
        {
            try
            {
                return Strict.GetBytes(text);
            }
            catch (EncoderFallbackException)
            {
                return new byte[] { 0xff };
            }
        }

        /// <summary>A text with a mark in the place of each half of a character.</summary>
        private static string Whole(string text)
        {
            return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        }

        internal static object Read(string text)
        {
            using (var stream = new MemoryStream(Encoding.UTF8.GetBytes(text)))
            using (XmlDictionaryReader reader = JsonReaderWriterFactory.CreateJsonReader(stream, XmlDictionaryReaderQuotas.Max))
            {
                reader.MoveToContent();
                return Value(reader);
            }
        }

        internal static Dictionary<string, object> Object(object of)
        {
            return (Dictionary<string, object>)of;
        }

        /// <summary>What stands under a name, or null.</summary>
        internal static object Get(Dictionary<string, object> of, string name)
        {
            object found;
            return of.TryGetValue(name, out found) ? found : null;
        }

        internal static string Text(Dictionary<string, object> of, string name)
        {
            return (string)Get(of, name);
        }

        /// <summary>A list made of another; null of null.</summary>
        internal static IReadOnlyList<T> List<T>(object of, Func<object, T> each)
        {
            if (of == null)
            {
                return null;
            }
            var list = new List<T>();
            foreach (object item in (List<object>)of)
            {
                list.Add(each(item));
            }
            return list.AsReadOnly();
        }

        /// <summary>Reads the element that the reader stands on, and goes past it.</summary>
        private static object Value(XmlReader reader)
        {
            string type = reader.GetAttribute("type") ?? "string";
            if (type != "object" && type != "array")
            {
                return Scalar(type, reader.ReadElementContentAsString());
            }
            var items = new List<object>();
            var named = new Dictionary<string, object>();
            bool empty = reader.IsEmptyElement;
            reader.ReadStartElement();
            while (!empty && reader.MoveToContent() == XmlNodeType.Element)
            {
                string name = reader.GetAttribute("item") ?? reader.LocalName;
                object value = Value(reader);
                items.Add(value);
                named[name] = value;
            }
            if (!empty)
            {
                reader.ReadEndElement();
            }
            return type == "object" ? (object)named : items;
        }

        private static object Scalar(string type, string text)
        {
            switch (type)
            {
                case "null":
                    return null;
                case "boolean":
                    return text == "true";
                case "number":
                    long whole;
                    return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out whole)
                        ? (object)whole
                        : decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
                default:
                    return text;
            }
        }

        internal static string Write(object of)
        {
            var text = new StringBuilder();
            Append(text, of);
            return text.ToString();
        }

        private static void Append(StringBuilder text, object of)
        {
            if (of == null)
            {
                text.Append("null");
            }
            else if (of is bool)
            {
                text.Append((bool)of ? "true" : "false");
            }
            else if (of is double || of is float)
            {
                double number = Convert.ToDouble(of, CultureInfo.InvariantCulture);
                bool none = double.IsNaN(number) || double.IsInfinity(number);
                text.Append(none ? Nothing : ((IFormattable)of).ToString("R", CultureInfo.InvariantCulture));
            }
            else if (of is decimal || of is long || of is int || of is short || of is byte || of is sbyte || of is ushort || of is uint || of is ulong)
            {
                text.Append(((IFormattable)of).ToString(null, CultureInfo.InvariantCulture));
            }
            else if (of is string || of is Enum || of is DateTimeOffset || of is DateTime || of is TimeSpan)
            {
                string words = Words(of);
                if (Whole(words) == words)
                {
                    Quote(text, words);
                }
                else
                {
                    text.Append(Nothing);
                }
            }
            else if (of is IDictionary)
            {
                char before = '{';
                foreach (DictionaryEntry entry in (IDictionary)of)
                {
                    Member(text, ref before, entry.Key.ToString(), entry.Value);
                }
                text.Append(before == '{' ? "{}" : "}");
            }
            else if (of is IEnumerable)
            {
                char before = '[';
                foreach (object item in (IEnumerable)of)
                {
                    Append(text.Append(before), item);
                    before = ',';
                }
                text.Append(before == '[' ? "[]" : "]");
            }
            else
            {
                char before = '{';
                foreach (PropertyInfo property in of.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
                {
                    Member(text, ref before, property.Name, property.GetValue(of, null));
                }
                text.Append(before == '{' ? "{}" : "}");
            }
        }

        private static void Member(StringBuilder text, ref char before, string name, object value)
        {
            Quote(text.Append(before), Whole(name));
            Append(text.Append(':'), value);
            before = ',';
        }

        /// <summary>Texts, choices, and instants and lengths of time as a case has them.</summary>
        private static string Words(object of)
        {
            if (of is DateTimeOffset)
            {
                return ((DateTimeOffset)of).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
            }
            if (of is DateTime)
            {
                // One without its zone is refused by the module where it stands.
                string zone = ((DateTime)of).Kind == DateTimeKind.Utc ? "'Z'" : "";
                return ((DateTime)of).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF" + zone, CultureInfo.InvariantCulture);
            }
            return of is TimeSpan ? XmlConvert.ToString((TimeSpan)of) : of.ToString();
        }

        private static void Quote(StringBuilder text, string of)
        {
            text.Append('"');
            foreach (char c in of)
            {
                if (c == '"' || c == '\\')
                {
                    text.Append('\\').Append(c);
                }
                else if (c < ' ' || char.IsSurrogate(c))
                {
                    text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
                }
                else
                {
                    text.Append(c);
                }
            }
            text.Append('"');
        }
    }
}
