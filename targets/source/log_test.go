//go:build go1.21

package source

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestALineForEach(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	log, err := OpenLog(path)
	if err != nil {
		t.Fatal(err)
	}
	log.Enter(-5, "ä\"", 0.375)
	log.Leave(7)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], `"msg":"call","n":-5,"s":"ä\"","f":0.375}`) ||
		!strings.Contains(lines[1], `"msg":"return","result":7}`) {
		t.Errorf("the lines are %q", lines)
	}
}
