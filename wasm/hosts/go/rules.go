package concord

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Rules are those of a folder: every .wasm but those for batches. They can be reloaded while they are in use.
type Rules struct {
	folder  string
	options []Option
	told    loading

	reloading sync.Mutex
	files     map[string]file // what each file is now
	byPackage atomic.Pointer[map[string]map[string]*Rule]
	closed    chan struct{}
	close     sync.Once
}

// file is what stands in a file, and the rule that answers for it.
type file struct {
	seen string // the hash of what was read last, with why it is refused
	rule *Rule
}

// OnChange is told of each rule of a folder that is new (no old one), has changed, or has gone (no new one).
func OnChange(tell func(old, new *Rule)) Option { return func(l *loading) { l.change = tell } }

// OnRefused is told of each file of a folder that is refused. The rule that was there before goes on.
func OnRefused(tell func(path string, why error)) Option {
	return func(l *loading) { l.refused = tell }
}

// Open loads the rules of a folder. Where nobody is told what is refused, it is an error. So is a folder that is not there or has no module: a wrong path is not to
// be found out by the first patient.
func Open(ctx context.Context, folder string, options ...Option) (*Rules, error) {
	rules := &Rules{folder: folder, options: options, files: map[string]file{}, closed: make(chan struct{})}
	for _, option := range options {
		option(&rules.told)
	}
	rules.byPackage.Store(&map[string]map[string]*Rule{})
	if err := rules.Reload(ctx); err != nil && (rules.told.refused == nil || len(rules.files) == 0) {
		return nil, err
	}
	if len(rules.files) == 0 {
		return nil, &fs.PathError{Op: "no module (.wasm) in", Path: folder, Err: fs.ErrNotExist}
	}
	return rules, nil
}

// Rule is the rule of a package, in its highest version.
func (r *Rules) Rule(name string) (*Rule, error) {
	var highest *Rule
	for _, rule := range (*r.byPackage.Load())[name] {
		if highest == nil || later(rule.info.Version, highest.info.Version) {
			highest = rule
		}
	}
	if highest == nil {
		return nil, fmt.Errorf("there is no rule %q in %s", name, r.folder)
	}
	return highest, nil
}

// Get is the rule of a package in one version.
func (r *Rules) Get(name, version string) (*Rule, error) {
	rule := (*r.byPackage.Load())[name][version]
	if rule == nil {
		return nil, fmt.Errorf("there is no rule %q of version %s in %s", name, version, r.folder)
	}
	return rule, nil
}

// All are the rules in use.
func (r *Rules) All() []*Rule {
	var all []*Rule
	for _, versions := range *r.byPackage.Load() {
		for _, rule := range versions {
			all = append(all, rule)
		}
	}
	return all
}

// Reload reads the folder again. Calls that have begun end in the rule that they began in. What comes back says which files are refused: their
// rules go on as they were.
func (r *Rules) Reload(ctx context.Context) error {
	told, err := r.reload(ctx)
	for _, tell := range told { // who may ask to reload again
		tell()
	}
	return err
}

// reload reads the folder, and gives what is to be told of it.
func (r *Rules) reload(ctx context.Context) ([]func(), error) {
	r.reloading.Lock()
	defer r.reloading.Unlock()
	entries, err := os.ReadDir(r.folder)
	if err != nil {
		return nil, err
	}
	told := []func(){}
	paths := []string(nil)
	for _, entry := range entries {
		if name := entry.Name(); strings.HasSuffix(name, ".wasm") && !strings.HasSuffix(name, ".batch.wasm") && !strings.HasPrefix(name, ".") {
			paths = append(paths, filepath.Join(r.folder, name))
		}
	}
	slices.SortFunc(paths, func(one, other string) int {
		return strings.Compare(strings.TrimSuffix(one, ".wasm"), strings.TrimSuffix(other, ".wasm"))
	})
	now, held, wrong := map[string]file{}, map[[2]string]*Rule{}, []error(nil)
	for _, path := range paths {
		before := r.files[path]
		next, err := r.look(ctx, path, before)
		if err == nil && taken(held, next.rule) {
			err = &RuleRefused{Code: "twice", Why: "another file has another module of the same package and version"}
			next.rule = nil
			if before.rule != nil && !taken(held, before.rule) {
				next.rule = before.rule
			}
		}
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", path, err))
			if r.told.refused != nil && next.seen != before.seen {
				told = append(told, func() { r.told.refused(path, err) })
			}
		}
		if now[path] = next; next.rule != nil {
			held[key(next.rule)] = next.rule
		}
	}
	return append(told, r.swap(now, held)...), errors.Join(wrong...)
}

// look reads a file: the rule that answers for it from now on, and why what is there now does not.
func (r *Rules) look(ctx context.Context, path string, before file) (file, error) {
	module, err := os.ReadFile(path)
	if err != nil {
		return file{err.Error(), before.rule}, err // of what cannot be read is told once, too
	}
	seen := hashOf(module)
	if seen == before.seen && before.rule != nil && before.rule.info.SHA256 == seen {
		return before, nil
	}
	rule, err := Load(ctx, path, r.options...)
	if err != nil {
		return file{seen + " " + err.Error(), before.rule}, err // and again where it is refused for another reason
	}
	return file{rule.info.SHA256, rule}, nil
}

// swap puts what was found in place of what was there, and gives what is to be told of what has changed.
func (r *Rules) swap(now map[string]file, held map[[2]string]*Rule) (told []func()) {
	table := map[string]map[string]*Rule{}
	for key, rule := range held {
		if table[key[0]] == nil {
			table[key[0]] = map[string]*Rule{}
		}
		table[key[0]][key[1]] = rule
	}
	before := r.files
	r.files = now
	r.byPackage.Store(&table)
	if r.told.change == nil {
		return nil
	}
	for path, file := range now {
		if old := before[path].rule; old != file.rule {
			told = append(told, func() { r.told.change(old, file.rule) })
		}
	}
	for path, file := range before {
		if _, still := now[path]; !still && file.rule != nil {
			told = append(told, func() { r.told.change(file.rule, nil) })
		}
	}
	return told
}

// Watch reloads again and again, until the rules are closed.
func (r *Rules) Watch(every time.Duration) {
	go func() {
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for {
			select {
			case <-r.closed:
				return
			case <-ticker.C:
				_ = r.Reload(context.Background()) // OnRefused is told
			}
		}
	}()
}

// Close ends the watch. The rules can be used on.
func (r *Rules) Close() { r.close.Do(func() { close(r.closed) }) }

func key(rule *Rule) [2]string { return [2]string{rule.info.Package, rule.info.Version} }

// taken says whether another module has this package and version.
func taken(held map[[2]string]*Rule, rule *Rule) bool {
	other := held[key(rule)]
	return other != nil && other.info.SHA256 != rule.info.SHA256
}

// later says whether a version, numbers with points between, is later than another.
func later(one, other string) bool {
	ones, others := strings.Split(one, "."), strings.Split(other, ".")
	for place := range min(len(ones), len(others)) {
		a, _ := strconv.Atoi(ones[place])
		b, _ := strconv.Atoi(others[place])
		if a != b {
			return a > b
		}
	}
	return len(ones) > len(others)
}
