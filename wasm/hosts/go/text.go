package concord

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
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
	}
	text, err := json.Marshal(of)
	if unsaid(err) || bytes.Contains(text, []byte(`\ufffd`)) { // which stands for bytes that are no UTF-8
		return json.Marshal(sayable(reflect.ValueOf(of)))
	}
	return text, err
}

// unsaid tells a value that JSON does not have from a type that it does not have.
func unsaid(err error) bool {
	var number *json.UnsupportedValueError
	var other *json.MarshalerError
	return errors.As(err, &number) || errors.As(err, &other)
}

// sayable is a value with nothing in place of what cannot be said.
func sayable(of reflect.Value) any {
	for of.Kind() == reflect.Interface || of.Kind() == reflect.Pointer {
		if of.IsNil() {
			return nil
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
	switch of.Kind() {
	case reflect.String:
		if !utf8.ValidString(of.String()) {
			return nothing
		}
	case reflect.Map:
		if of.IsNil() || of.Type().Key().Kind() != reflect.String {
			break
		}
		said := map[string]any{}
		for entries := of.MapRange(); entries.Next(); {
			said[entries.Key().String()] = sayable(entries.Value())
		}
		return said
	case reflect.Slice, reflect.Array:
		if of.Kind() == reflect.Slice && of.IsNil() || of.Type().Elem().Kind() == reflect.Uint8 {
			break
		}
		said := make([]any, of.Len())
		for place := range said {
			said[place] = sayable(of.Index(place))
		}
		return said
	case reflect.Struct:
		return fields(of, map[string]any{})
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
func fields(of reflect.Value, said map[string]any) map[string]any {
	for place := range of.NumField() {
		field, value := of.Type().Field(place), of.Field(place)
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case field.Anonymous && name == "" && value.Kind() == reflect.Struct:
			fields(value, said)
		case !field.IsExported() || name == "-" && options == "" || strings.Contains(options, "omitempty") && empty(value) || strings.Contains(options, "omitzero") && value.IsZero():
		case name == "":
			said[field.Name] = sayable(value)
		default:
			said[name] = sayable(value)
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
