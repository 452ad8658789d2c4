package concord

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

const day = 24 * time.Hour

// stands says whether a fact of this type can stand in a column here; others are asked about as cases.
func (t Type) stands() bool {
	return slices.Contains([]string{"number", "yes_no", "enum", "date", "instant"}, t.Kind)
}

// shows says whether answers of this type are read here.
func (t Type) shows() bool { return t.stands() || t.Kind == "time_of_day" || t.Kind == "duration" }

// integer is the integer of a plain value; not ok where it is another, which the module has to read.
func (t Type) integer(entry any) (value int64, ok bool) {
	switch t.Kind {
	case "number":
		return scaled(entry, t.Places)
	case "yes_no":
		yes, ok := entry.(bool)
		if yes {
			value = 1
		}
		return value, ok
	}
	if at, ok := entry.(time.Time); ok && t.Kind == "instant" {
		return at.UnixMilli(), plainInstant(at)
	}
	text, ok := entry.(string)
	if !ok {
		return 0, false
	}
	switch t.Kind {
	case "enum":
		place := slices.Index(t.Variants, text)
		return int64(place), place >= 0
	case "date":
		on, err := time.Parse(time.DateOnly, text)
		return on.Unix() / int64(day/time.Second), err == nil && len(text) == len(time.DateOnly)
	}
	// Forms in which this parser is more lenient than a module are left to the module.
	if len(text) < len("2006-01-02T15:04:05Z") || text[10] != 'T' || text[13] != ':' || text[16] != ':' || strings.Contains(text, ",") {
		return 0, false
	}
	if last := len(text) - 2; text[last] > '5' && text[last+1] != 'Z' {
		return 0, false
	}
	at, err := time.Parse(time.RFC3339, text)
	_, offset := at.Zone()
	return at.UnixMilli(), err == nil && plainInstant(at) && max(offset, -offset) < 15*60*60
}

// plainInstant says whether it has no more than milliseconds, on a day of the calendar of a case where it was said.
func plainInstant(at time.Time) bool {
	return at.Nanosecond()%int(time.Millisecond) == 0 && at.Year() >= 1900 && at.Year() < 2200
}

// The first and the last instant that a case may have: with the next begins the year 2200, which ranges of a module include.
const firstInstant, lastInstant = -2_208_988_800_000, 7_258_118_399_999

// scaled is a number at its declared places; not ok where it has more of them.
func scaled(entry any, places int) (int64, bool) {
	var text string
	switch of := entry.(type) {
	case int:
		return whole(int64(of), places)
	case int64:
		return whole(of, places)
	case int32:
		return whole(int64(of), places)
	case float64:
		text = strconv.FormatFloat(of, 'f', -1, 64) // of what is no number there is a text that is none
	case json.Number:
		text = string(of)
		if digits := strings.TrimPrefix(text, "-"); len(digits) > 1 && digits[0] == '0' && digits[1] != '.' {
			return 0, false // no number of JSON
		}
	default:
		return 0, false
	}
	units, fraction, cut := strings.Cut(text, ".")
	if !plain(strings.TrimPrefix(units, "-")) || cut && !plain(fraction) {
		return 0, false // what is no number, the module says
	}
	fraction = strings.TrimRight(fraction, "0")
	if len(fraction) > places {
		return 0, false
	}
	value, err := strconv.ParseInt(units+fraction+strings.Repeat("0", places-len(fraction)), 10, 64)
	return value, err == nil
}

// plain says whether these are digits, and at least one.
func plain(digits string) bool {
	return digits != "" && strings.Trim(digits, "0123456789") == ""
}

func whole(value int64, places int) (int64, bool) {
	for range places {
		if value > math.MaxInt64/10 || value < math.MinInt64/10 {
			return 0, false
		}
		value *= 10
	}
	return value, true
}

// show is a value as answers have it.
func (t Type) show(value int64) any {
	switch t.Kind {
	case "number":
		return json.Number(decimal(value, t.Places))
	case "yes_no":
		return value != 0
	case "enum":
		return t.Variants[value]
	case "date":
		return time.Unix(0, 0).UTC().AddDate(0, 0, int(value)).Format(time.DateOnly)
	case "instant":
		return strings.Replace(time.UnixMilli(value).UTC().Format("2006-01-02T15:04:05.000Z"), ".000Z", "Z", 1)
	case "time_of_day":
		text := strings.TrimSuffix(time.UnixMilli(value).UTC().Format("15:04:05.000"), ".000")
		return strings.TrimSuffix(text, ":00")
	}
	return duration(value)
}

// decimal has at least one digit after the point where there are places, and no zeros at its end beyond that.
func decimal(value int64, places int) string {
	text := strconv.FormatInt(value, 10)
	if places == 0 {
		return text
	}
	sign := ""
	if value < 0 {
		sign, text = "-", text[1:]
	}
	if missing := places + 1 - len(text); missing > 0 {
		text = strings.Repeat("0", missing) + text
	}
	cut := len(text) - places
	fraction := text[cut:]
	return sign + text[:cut] + "." + fraction[:1] + strings.TrimRight(fraction[1:], "0")
}

// duration is ISO 8601, in hours, minutes and seconds.
func duration(milliseconds int64) string {
	sign, left := "", milliseconds
	if left < 0 {
		sign, left = "-", -left
	}
	hours, minutes, seconds, ms := left/3_600_000, left/60_000%60, left/1_000%60, left%1_000
	text := sign + "PT"
	if hours > 0 {
		text += fmt.Sprintf("%dH", hours)
	}
	if minutes > 0 {
		text += fmt.Sprintf("%dM", minutes)
	}
	switch {
	case ms > 0:
		text += fmt.Sprintf("%d.%03dS", seconds, ms)
	case seconds > 0 || hours+minutes == 0:
		text += fmt.Sprintf("%dS", seconds)
	}
	return text
}
