// Replays the corpus in wazero, a runtime in Go: `wazero compiler FOLDER` or `wazero interpreter FOLDER`.
package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

const page = 65536

// play plays one line of a script; what is wrong, or nothing.
func play(running api.Module, line string) error {
	words := strings.Split(line, " ")
	memory := running.Memory()
	at, _ := strconv.ParseUint(words[1], 10, 32)
	switch words[0] {
	case "call":
		arguments := []uint64{}
		for _, text := range words[2 : len(words)-2] {
			number, err := strconv.ParseInt(strings.TrimSuffix(text, "L"), 10, 64)
			if err != nil {
				return err
			}
			if strings.HasSuffix(text, "L") {
				arguments = append(arguments, uint64(number))
			} else {
				arguments = append(arguments, uint64(uint32(number)))
			}
		}
		found, err := running.ExportedFunction(words[1]).Call(context.Background(), arguments...)
		if err != nil {
			return err
		}
		if wanted := words[len(words)-1]; strconv.Itoa(int(int32(found[0]))) != wanted {
			return fmt.Errorf("%s gave %d and not %s", words[1], int32(found[0]), wanted)
		}
	case "room":
		if have := uint64(memory.Size()); at > have {
			memory.Grow(uint32((at+page-1)/page - have/page))
		}
	case "put", "get":
		data, err := hex.DecodeString(words[2])
		if err != nil {
			return err
		}
		if words[0] == "put" {
			if !memory.Write(uint32(at), data) {
				return fmt.Errorf("%d is outside the memory", at)
			}
			return nil
		}
		if found, ok := memory.Read(uint32(at), uint32(len(data))); !ok || !bytes.Equal(found, data) {
			return fmt.Errorf("at %d stands %x and not %s", at, found, words[2])
		}
	}
	return nil
}

// replay says how many trials of a script there are, and how many do not hold.
func replay(running api.Module, name, script string) (trials, wrong int) {
	trial, holds := "", true
	for _, line := range strings.Split(strings.TrimSpace(script), "\n") {
		if found, is := strings.CutPrefix(line, "trial "); is {
			trials, trial, holds = trials+1, found, true
			continue
		}
		if err := play(running, line); err != nil && holds {
			wrong, holds = wrong+1, false
			if wrong <= 3 {
				fmt.Fprintf(os.Stderr, "%s: %s: %s\n", name, trial, err)
			}
		}
	}
	return trials, wrong
}

func main() {
	folder := os.Args[2]
	config := wazero.NewRuntimeConfigCompiler()
	if os.Args[1] == "interpreter" {
		config = wazero.NewRuntimeConfigInterpreter()
	}
	read := func(name string) []byte {
		data, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			panic(err)
		}
		return data
	}
	passed, failed := 0, 0
	for _, entry := range strings.Split(strings.TrimSpace(string(read("index.txt"))), "\n") {
		name, _, _ := strings.Cut(entry, " ")
		runtime := wazero.NewRuntimeWithConfig(context.Background(), config)
		running, err := runtime.Instantiate(context.Background(), read(name+".wasm"))
		if err != nil {
			panic(err)
		}
		trials, wrong := replay(running, name, string(read(name+".calls")))
		passed, failed = passed+trials-wrong, failed+wrong
		runtime.Close(context.Background())
	}
	fmt.Printf("%d passed, %d failed\n", passed, failed)
	if passed == 0 || failed > 0 {
		os.Exit(1)
	}
}
