package concord

import (
	"context"
	"errors"
	"fmt"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/sys"
)

// What a module says of a text it was given.
const (
	answered = 0
	refused  = 1
	broken   = 2
)

// instance is one running module: one thread at a time, one member's settings.
type instance struct {
	module   api.Module
	memory   api.Memory
	settings string // those in force, as JSON
	used     map[string]api.Function
}

// start makes an instance of what was compiled.
func start(ctx context.Context, runtime wazero.Runtime, compiled wazero.CompiledModule) (*instance, error) {
	module, err := runtime.InstantiateModule(ctx, compiled, wazero.NewModuleConfig().WithName(""))
	if err != nil {
		return nil, err
	}
	return &instance{module: module, memory: module.Memory(), settings: "{}", used: map[string]api.Function{}}, nil
}

// has says whether the module has a function.
func (i *instance) has(name string) bool { return i.module.ExportedFunction(name) != nil }

// number is a global of the module.
func (i *instance) number(name string) (int32, bool) {
	global := i.module.ExportedGlobal(name)
	if global == nil || global.Type() != api.ValueTypeI32 {
		return 0, false
	}
	return api.DecodeI32(global.Get()), true
}

func (i *instance) call(ctx context.Context, name string, arguments ...uint64) (int32, error) {
	function := i.used[name]
	if function == nil {
		if function = i.module.ExportedFunction(name); function == nil {
			return 0, stopped(fmt.Errorf("it has no %s", name))
		}
		i.used[name] = function
	}
	if of := function.Definition(); len(of.ParamTypes()) != len(arguments) || len(of.ResultTypes()) != 1 {
		return 0, stopped(fmt.Errorf("%s is another function", name))
	}
	found, err := function.Call(ctx, arguments...)
	if err != nil {
		var exit *sys.ExitError
		if errors.As(err, &exit) && ctx.Err() != nil {
			return 0, &LimitReached{Limit: "deadline", cause: ctx.Err()}
		}
		return 0, stopped(err)
	}
	return api.DecodeI32(found[0]), nil
}

// text reads what two functions say of: where it stands, and how long it is.
func (i *instance) text(ctx context.Context, at, bytes string) ([]byte, error) {
	start, err := i.call(ctx, at)
	if err != nil {
		return nil, err
	}
	length, err := i.call(ctx, bytes)
	if err != nil {
		return nil, err
	}
	seen, ok := i.memory.Read(uint32(start), uint32(length))
	if !ok {
		return nil, stopped(fmt.Errorf("%s is outside its memory", at))
	}
	return append([]byte{}, seen...), nil
}

// ask gives a text to a function: the status, and what came out.
func (i *instance) ask(ctx context.Context, name string, text []byte) (int32, []byte, error) {
	quick := context.Background() // what is over at once need not be watched
	if _, err := i.call(quick, "reset"); err != nil {
		return 0, nil, err
	}
	at, err := i.call(quick, "alloc", uint64(len(text)))
	if err != nil {
		return 0, nil, err
	}
	if at == 0 || !i.memory.Write(uint32(at), text) {
		return 0, nil, &LimitReached{Limit: "room"}
	}
	status, err := i.call(ctx, name, uint64(uint32(at)), uint64(len(text)))
	if err != nil {
		return 0, nil, err
	}
	if status != answered && status != refused && status != broken {
		return 0, nil, &LimitReached{Limit: "room"}
	}
	out, err := i.text(quick, "json_out", "json_out_bytes")
	return status, out, err
}

// configure puts settings in force, and no others.
func (i *instance) configure(ctx context.Context, settings string) error {
	if i.settings == settings {
		return nil
	}
	status, out, err := i.ask(ctx, "configure_json", []byte(settings))
	if err != nil {
		return err
	}
	if status != answered {
		faults, err := faultsOf(out)
		if err != nil {
			return stopped(err)
		}
		return &SettingRefused{faults}
	}
	i.settings = settings
	return nil
}

// stopped says that a module did what its interface excludes.
func stopped(cause error) error {
	return &RuleRefused{Code: "stopped", Why: cause.Error(), cause: cause}
}
