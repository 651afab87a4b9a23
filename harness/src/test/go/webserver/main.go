// Webserver serves HTTP on the loopback interface and asks itself, until its standard input ends; then it says how often it was asked and
// how many answers were wrong. For each line of its input it says how long 99 of 100 requests since the last took at most, in microseconds.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"sort"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

//go:noinline
func answer(number int, name string, half float64) string {
	return strconv.Itoa(number) + " " + name + " " + strconv.FormatFloat(half, 'g', -1, 64)
}

func handle(w http.ResponseWriter, r *http.Request) {
	number, _ := strconv.Atoi(r.URL.Query().Get("number"))
	io.WriteString(w, answer(number, "number "+strconv.Itoa(number), float64(number)/2))
}

func ask(client *http.Client, address string, number int) error {
	response, err := client.Get(fmt.Sprintf("http://%s/?number=%d", address, number))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if want := fmt.Sprintf("%d number %d %g", number, number, float64(number)/2); string(body) != want {
		return fmt.Errorf("%q instead of %q", body, want)
	}
	return nil
}

// latencies are those of all clients.
type latencies struct {
	sync.Mutex
	all []time.Duration
}

func (l *latencies) add(one time.Duration) {
	l.Lock()
	defer l.Unlock()
	l.all = append(l.all, one)
}

// take forgets them, and tells what 99 of 100 of them do not exceed.
func (l *latencies) take() time.Duration {
	l.Lock()
	defer l.Unlock()
	all := l.all
	l.all = nil
	if len(all) == 0 {
		return 0
	}
	sort.Slice(all, func(i, j int) bool { return all[i] < all[j] })
	return all[len(all)*99/100]
}

func main() {
	clients := flag.Int("clients", 8, "how many ask at the same time")
	rest := flag.Duration("rest", 2*time.Millisecond, "how long each rests between two requests")
	flag.Parse()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println("cannot listen:", err)
		os.Exit(1)
	}
	go http.Serve(listener, http.HandlerFunc(handle))
	address := listener.Addr().String()
	var asked, failed int64
	var all sync.WaitGroup
	var took latencies
	stop := make(chan struct{})
	client := &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: *clients}}
	for c := 0; c < *clients; c++ {
		all.Add(1)
		go func(number int) {
			defer all.Done()
			for ; ; number += *clients {
				select {
				case <-stop:
					return
				default:
				}
				begin := time.Now()
				if err := ask(client, address, number); err != nil {
					fmt.Println("failed:", err)
					atomic.AddInt64(&failed, 1)
				}
				took.add(time.Since(begin))
				atomic.AddInt64(&asked, 1)
				time.Sleep(*rest)
			}
		}(c)
	}
	fmt.Println("serving")
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		fmt.Println("p99", took.take().Microseconds())
	}
	close(stop)
	all.Wait()
	fmt.Printf("asked %d, failed %d\n", asked, failed)
}
