package concord

import (
	"context"
	"sync"

	"github.com/tetratelabs/wazero"
)

// grown is by how many bytes a case may have grown the memory of an instance that is kept.
const grown = 4 << 20

// kept is how many that are idle are kept.
const kept = 64

// pool keeps instances, one for each call that is under way at a time.
type pool struct {
	runtime  wazero.Runtime
	compiled wazero.CompiledModule
	usual    uint32

	mutex sync.Mutex
	idle  []*instance
}

func newPool(runtime wazero.Runtime, compiled wazero.CompiledModule, first *instance) *pool {
	return &pool{runtime: runtime, compiled: compiled, usual: first.memory.Size(), idle: []*instance{first}}
}

// take gives an instance, one with these settings if there is one.
func (p *pool) take(settings string) (*instance, error) {
	p.mutex.Lock()
	last := len(p.idle) - 1
	for place := last; place >= 0; place-- {
		if p.idle[place].settings == settings {
			p.idle[place], p.idle[last] = p.idle[last], p.idle[place]
			break
		}
	}
	if last >= 0 {
		taken := p.idle[last]
		p.idle = p.idle[:last]
		p.mutex.Unlock()
		return taken, nil
	}
	p.mutex.Unlock()
	return start(context.Background(), p.runtime, p.compiled)
}

// give takes an instance back whose call has ended.
func (p *pool) give(used *instance) {
	if used.memory.Size() > p.usual+grown {
		p.drop(used)
		return
	}
	p.mutex.Lock()
	keeps := len(p.idle) < kept
	if keeps {
		p.idle = append(p.idle, used)
	}
	p.mutex.Unlock()
	if !keeps {
		p.drop(used)
	}
}

// drop lets an instance go in which a call was stopped.
func (p *pool) drop(used *instance) {
	_ = used.module.Close(context.Background())
}
