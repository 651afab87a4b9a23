//go:build go1.21

package source

import (
	"context"
	"log/slog"
	"os"
)

// Log writes a line of JSON for each call and each return.
type Log struct {
	logger *slog.Logger
}

// OpenLog opens the file that lines are written to.
func OpenLog(path string) (*Log, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return nil, err
	}
	return &Log{slog.New(slog.NewJSONHandler(file, nil))}, nil
}

// Enter tells that a call has begun.
func (l *Log) Enter(n int, s string, f float64) {
	l.logger.LogAttrs(context.Background(), slog.LevelInfo, "call", slog.Int("n", n), slog.String("s", s), slog.Float64("f", f))
}

// Leave tells that a call has returned.
func (l *Log) Leave(result int) {
	l.logger.LogAttrs(context.Background(), slog.LevelInfo, "return", slog.Int("result", result))
}
