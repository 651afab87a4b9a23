// Serve is an HTTP server with little to do: each request makes some calls of small functions, which is what tracing is felt in most. It listens
// on the loopback interface, says so, and ends well on SIGTERM; then it says how many requests it has answered.
package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

type order struct {
	number int
	name   string
	price  float64
}

// padding makes names longer.
var padding string

//go:noinline
func parse(query string) (order, error) {
	number, err := strconv.Atoi(query)
	if err != nil {
		return order{}, err
	}
	return order{number, "order " + query + padding, float64(number) / 4}, nil
}

//go:noinline
func digest(text string, rounds int) string {
	sum := sha256.Sum256([]byte(text))
	for i := 1; i < rounds; i++ {
		sum = sha256.Sum256(sum[:])
	}
	return hex.EncodeToString(sum[:8])
}

//go:noinline
func answer(o order, rounds int) string {
	return o.name + " costs " + strconv.FormatFloat(o.price, 'f', 2, 64) + " " + digest(o.name, rounds)
}

func main() {
	address := flag.String("listen", "127.0.0.1:0", "address to listen on")
	rounds := flag.Int("rounds", 50, "how much work there is in an answer: so many digests")
	calls := flag.Int("calls", 1, "how many answers are made for one request")
	payload := flag.Int("payload", 0, "by how many bytes the name of an order is longer")
	flag.Parse()
	padding = strings.Repeat(".", *payload)
	var answered atomic.Int64
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o, err := parse(r.URL.Query().Get("n"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		var text string
		for i := 0; i < *calls; i++ {
			text = answer(o, *rounds)
		}
		fmt.Fprintln(w, text)
		answered.Add(1)
	})
	listener, err := net.Listen("tcp", *address)
	if err != nil {
		fmt.Fprintln(os.Stderr, "serve:", err)
		os.Exit(1)
	}
	server := &http.Server{Handler: handler}
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM, os.Interrupt)
	go func() {
		<-ended
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		server.Shutdown(ctx)
	}()
	fmt.Println("listening on", listener.Addr())
	server.Serve(listener)
	fmt.Println("answered", answered.Load(), "requests")
}
