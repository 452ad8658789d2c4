package concord

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

// nothing stands for a value that JSON has none for: the module takes it nowhere, and says what belongs in its place.
var nothing = json.RawMessage("[[]]")

// textOf is the text of a case. What JSON has no value for, such as NaN, or a text that is no UTF-8, is nothing where it stands.
func textOf(of any) ([]byte, error) {
	switch given := of.(type) {
	case string:
		return []byte(given), nil
	case []byte:
		return given, nil
	case json.RawMessage:
		return given, nil
	case io.Reader:
		return nil, fmt.Errorf("a case is no %T: read it first", of)
	}
	text, err := json.Marshal(of)
	if unsaid(err) || bytes.Contains(text, []byte(`\ufffd`)) || mayBeBlank(text) && blank(reflect.ValueOf(of), 0) { // the first stands for bytes that are no UTF-8
		return json.Marshal(sayable(reflect.ValueOf(of), nil))
	}
	return text, err
}

// unsaid tells a value that JSON does not have from a type that it does not have.
func unsaid(err error) bool {
	var other *json.UnsupportedTypeError
	return err != nil && !errors.As(err, &other)
}

var number, marshaler = reflect.TypeFor[json.Number](), reflect.TypeFor[json.Marshaler]()

// mayBeBlank says whether a number of a text may be one of no digits, which is written as 0.
func mayBeBlank(text []byte) bool {
	return bytes.Contains(text, []byte(":0")) || bytes.Contains(text, []byte(",0")) || bytes.Contains(text, []byte("[0"))
}

// deepest is how deep values of a case may lie within each other and still be looked through.
const deepest = 1000

// blank says whether there is a json.Number of no digits in what has a text: nobody said 0.
func blank(of reflect.Value, depth int) bool {
	if !of.IsValid() || depth > deepest || of.Type().Implements(marshaler) {
		return false
	}
	switch of.Kind() {
	case reflect.Interface, reflect.Pointer:
		return !of.IsNil() && blank(of.Elem(), depth+1)
	case reflect.String:
		return of.Type() == number && of.Len() == 0
	case reflect.Map:
		for entries := of.MapRange(); entries.Next(); {
			if blank(entries.Value(), depth+1) {
				return true
			}
		}
	case reflect.Slice, reflect.Array:
		for place := range of.Len() {
			if blank(of.Index(place), depth+1) {
				return true
			}
		}
	case reflect.Struct:
		for place := range of.NumField() {
			field := of.Type().Field(place)
			said := (field.IsExported() || field.Anonymous) && field.Tag.Get("json") != "-"
			if said && blank(of.Field(place), depth+1) {
				return true
			}
		}
	}
	return false
}

// circle stands for what contains itself.
type circle struct{}

func (circle) MarshalJSON() ([]byte, error) { return nil, errors.New("a case does not contain itself") }

// within says whether a value is one of those that it stands in, and gives these with it.
func within(of reflect.Value, those []uintptr) ([]uintptr, bool) {
	switch of.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice:
		at := of.Pointer()
		return append(slices.Clip(those), at), at != 0 && slices.Contains(those, at) && (of.Kind() != reflect.Slice || of.Len() > 0)
	}
	return those, false
}

// sayable is a value with nothing in place of what cannot be said; it stands in those.
func sayable(of reflect.Value, those []uintptr) any {
	for of.Kind() == reflect.Interface || of.Kind() == reflect.Pointer {
		if of.IsNil() {
			return nil
		}
		var again bool
		if those, again = within(of, those); again {
			return circle{}
		}
		if _, own := of.Interface().(json.Marshaler); own {
			break
		}
		of = of.Elem()
	}
	if !of.IsValid() {
		return nil
	}
	if _, own := of.Interface().(json.Marshaler); own {
		return orNothing(of)
	}
	those, again := within(of, those)
	if again {
		return circle{}
	}
	switch of.Kind() {
	case reflect.String:
		if !utf8.ValidString(of.String()) || of.Type() == number && of.Len() == 0 {
			return nothing
		}
	case reflect.Map:
		if of.IsNil() || of.Type().Key().Kind() != reflect.String {
			break
		}
		said := map[string]any{}
		for entries := of.MapRange(); entries.Next(); {
			said[entries.Key().String()] = sayable(entries.Value(), those)
		}
		return said
	case reflect.Slice, reflect.Array:
		if of.Kind() == reflect.Slice && of.IsNil() || of.Type().Elem().Kind() == reflect.Uint8 {
			break
		}
		said := make([]any, of.Len())
		for place := range said {
			said[place] = sayable(of.Index(place), those)
		}
		return said
	case reflect.Struct:
		return fields(of, map[string]any{}, those)
	}
	return orNothing(of)
}

// orNothing is a value as JSON has it, if it does.
func orNothing(of reflect.Value) any {
	text, err := json.Marshal(of.Interface())
	if unsaid(err) {
		return nothing
	}
	if err != nil {
		return of.Interface() // a type that JSON does not have: that is said of it
	}
	return json.RawMessage(text)
}

// fields are those of a struct, by the names that they have in JSON.
func fields(of reflect.Value, said map[string]any, those []uintptr) map[string]any {
	for place := range of.NumField() {
		field, value := of.Type().Field(place), of.Field(place)
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		within, again := within(value, those)
		switch {
		case field.Anonymous && name == "" && value.Kind() == reflect.Struct:
			fields(value, said, those)
		case field.Anonymous && name == "" && value.Kind() == reflect.Pointer && field.Type.Elem().Kind() == reflect.Struct:
			if !value.IsNil() && !again {
				fields(value.Elem(), said, within)
			}
		case !field.IsExported() || name == "-" && options == "" || strings.Contains(options, "omitempty") && empty(value) || strings.Contains(options, "omitzero") && value.IsZero():
		case name == "":
			said[field.Name] = sayable(value, those)
		default:
			said[name] = sayable(value, those)
		}
	}
	return said
}

// empty is what omitempty leaves out.
func empty(of reflect.Value) bool {
	switch of.Kind() {
	case reflect.Map, reflect.Slice, reflect.String, reflect.Array:
		return of.Len() == 0
	case reflect.Struct:
		return false
	}
	return of.IsZero()
}
