package concord

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tetratelabs/wazero"
)

// abiVersion is the version of the binary interface that this host knows.
const abiVersion = 3

// Option says how a rule is loaded.
type Option func(*loading)

type loading struct {
	sha256, fingerprint string
	allowDraft, trust   bool
	hooks               hooks
	change              func(old, new *Rule)
	refused             func(path string, why error)
}

// SHA256 is the hash that the file must have, in hexadecimal digits.
func SHA256(hash string) Option { return func(l *loading) { l.sha256 = strings.ToLower(hash) } }

// Fingerprint is the fingerprint that the rule's logic must have.
func Fingerprint(hash string) Option {
	return func(l *loading) { l.fingerprint = strings.ToLower(hash) }
}

// AllowDraft lets a rule answer that nobody has approved.
func AllowDraft() Option { return func(l *loading) { l.allowDraft = true } }

// WithoutVerifying takes a module that has not answered its golden cases first.
func WithoutVerifying() Option { return func(l *loading) { l.trust = true } }

// OnCall is told of every call, for metrics: nothing of the patient.
func OnCall(tell func(Call)) Option { return func(l *loading) { l.hooks.call = tell } }

// OnDecision is told of every answer, for the decision log: the decision, and the SHA-256 of the case's text as it went in.
func OnDecision(tell func(d *Decision, caseSHA256 string)) Option {
	return func(l *loading) { l.hooks.decision = tell }
}

// Load loads a rule from a file. Where its manifest lies beside it, the file must be the one that the manifest names.
func Load(ctx context.Context, path string, options ...Option) (*Rule, error) {
	module, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	beside, err := os.ReadFile(strings.TrimSuffix(path, filepath.Ext(path)) + ".manifest.json")
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	if err == nil {
		var said manifest
		if decode(beside, &said) != nil || said.Module.SHA256 != hashOf(module) {
			return nil, &RuleRefused{Code: "sha256", Why: "it is not the module that the manifest beside it names"}
		}
	}
	return LoadBytes(ctx, module, options...)
}

// patience is how long a module has to say what it is and to try itself, which a whole one does in an instant.
const patience = 10 * time.Second

// LoadBytes loads a rule from the bytes of its module.
func LoadBytes(ctx context.Context, module []byte, options ...Option) (*Rule, error) {
	var l loading
	for _, option := range options {
		option(&l)
	}
	hash := hashOf(module)
	if l.sha256 != "" && l.sha256 != hash {
		return nil, &RuleRefused{Code: "sha256", Why: "its SHA-256 is " + hash}
	}
	runtime := wazero.NewRuntimeWithConfig(context.Background(), wazero.NewRuntimeConfig().WithCloseOnContextDone(true))
	rule, err := l.load(ctx, runtime, module, hash)
	if err != nil {
		runtime.Close(context.Background())
		return nil, err
	}
	return rule, nil
}

func (l *loading) load(ctx context.Context, runtime wazero.Runtime, module []byte, hash string) (rule *Rule, err error) {
	defer unlessWhole(&err, "module")
	compiled, err := runtime.CompileModule(ctx, module)
	if err != nil {
		return nil, &RuleRefused{Code: "module", Why: "it is no module of WebAssembly that runs here", cause: err}
	}
	if len(compiled.ImportedFunctions())+len(compiled.ImportedMemories()) > 0 {
		return nil, &RuleRefused{Code: "module", Why: "it has imports"}
	}
	if hasStart(module) {
		return nil, &RuleRefused{Code: "module", Why: "something of it would run before it is asked: it is no module of a rule"}
	}
	first, err := start(ctx, runtime, compiled)
	if err != nil {
		return nil, &RuleRefused{Code: "module", Why: "it does not start", cause: err}
	}
	if version, ok := first.number("abi_version"); !ok || version != abiVersion {
		return nil, &RuleRefused{Code: "interface", Why: fmt.Sprintf("it does not speak version %d of the interface", abiVersion)}
	}
	if first.memory == nil {
		return nil, &RuleRefused{Code: "interface", Why: "it has no memory"}
	}
	within, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	said, err := l.admit(within, first)
	if within.Err() != nil && ctx.Err() == nil {
		return nil, &RuleRefused{Code: "stopped", Why: fmt.Sprintf("it did not come to an end within %v: it is damaged", patience), cause: err}
	}
	if err != nil {
		return nil, err
	}
	said.Logic.SHA256 = hash
	rule = &Rule{info: said.Logic, schema: said.Layout, placing: said.placing, module: module, hooks: l.hooks}
	rule.pool = newPool(runtime, compiled, first)
	return rule, nil
}

// hasStart says whether a module, which the engine has taken, names a function that runs when it is started: nothing would stop that.
func hasStart(module []byte) bool {
	for place := 8; place < len(module); {
		kind := module[place]
		size, length := binary.Uvarint(module[place+1:])
		if kind == 8 {
			return true
		}
		if length <= 0 {
			return false
		}
		place += 1 + length + int(size)
	}
	return false
}

// admit reads what a module says of itself, and decides whether it may answer.
func (l *loading) admit(ctx context.Context, first *instance) (*manifest, error) {
	for _, name := range []string{"alloc", "reset", "evaluate_json", "explain_json", "configure_json", "json_out", "json_out_bytes", "self_test", "describe", "describe_bytes", "evaluate_batch"} {
		if !first.has(name) {
			return nil, &RuleRefused{Code: "json", Why: "it has no " + name}
		}
	}
	text, err := first.text(ctx, "describe", "describe_bytes")
	if err != nil {
		return nil, err
	}
	var said manifest
	if err := decode(text, &said); err != nil || !said.Module.JSON {
		return nil, &RuleRefused{Code: "json", Why: "it does not say that it takes cases as JSON", cause: err}
	}
	var placed struct {
		Layout placing `json:"layout"`
	}
	if err := decode(text, &placed); err != nil {
		return nil, &RuleRefused{Code: "json", Why: "its manifest has no layout", cause: err}
	}
	said.placing = placed.Layout
	if said.Logic.Package == "" || said.Logic.Fingerprint == "" || !said.placing.whole() {
		return nil, &RuleRefused{Code: "json", Why: "its manifest is damaged"}
	}
	if l.fingerprint != "" && l.fingerprint != said.Logic.Fingerprint {
		return nil, &RuleRefused{Code: "fingerprint", Why: "the fingerprint of its logic is " + said.Logic.Fingerprint}
	}
	if said.Logic.Status != "approved" && !l.allowDraft {
		return nil, &RuleRefused{Code: "draft", Why: "it is a draft that nobody has approved"}
	}
	if !l.trust {
		wrong, err := first.call(ctx, "self_test")
		if err != nil {
			return nil, err
		}
		if wrong != 0 {
			return nil, &RuleRefused{Code: "self_test", Why: fmt.Sprintf("golden cases that are not answered as they must be: %d", wrong)}
		}
	}
	return &said, nil
}

func hashOf(bytes []byte) string {
	hash := sha256.Sum256(bytes)
	return hex.EncodeToString(hash[:])
}
