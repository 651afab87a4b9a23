// Load asks an HTTP server as fast as it answers, or at a rate, over some connections at once, for a while or a number of times, and says how many answers came in a
// second and how long they took, in the words of hey. It fails if an answer is wrong or missing.
package main

import (
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

func main() {
	duration := flag.Duration("duration", 2*time.Second, "for how long to ask")
	requests := flag.Int64("requests", 0, "how often to ask, in place of -duration")
	connections := flag.Int("connections", 4, "how many connections ask at once")
	rate := flag.Float64("rate", 0, "how often to ask in a second, if the server answers as fast; 0 for as fast as it answers")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: load [-duration D | -requests N] [-connections N] [-rate N] URL")
		os.Exit(2)
	}
	url := strings.TrimSuffix(flag.Arg(0), "/")
	client := &http.Client{
		Transport: &http.Transport{MaxIdleConnsPerHost: *connections},
		Timeout:   time.Minute,
	}
	var next, wrong atomic.Int64
	all := make([][]time.Duration, *connections)
	var group sync.WaitGroup
	started := time.Now()
	for i := range all {
		group.Add(1)
		go func(i int) {
			defer group.Done()
			for {
				n := next.Add(1)
				if *requests > 0 && n > *requests || *requests == 0 && time.Since(started) > *duration {
					return
				}
				if *rate > 0 {
					time.Sleep(time.Until(started.Add(time.Duration(float64(n) / *rate * 1e9))))
				}
				asked := time.Now()
				if err := ask(client, url, n); err != nil {
					wrong.Add(1)
					fmt.Fprintln(os.Stderr, "load:", err)
					return
				}
				all[i] = append(all[i], time.Since(asked))
			}
		}(i)
	}
	group.Wait()
	elapsed := time.Since(started)
	var times []time.Duration
	for _, some := range all {
		times = append(times, some...)
	}
	sort.Slice(times, func(i, j int) bool { return times[i] < times[j] })
	if wrong.Load() > 0 || len(times) == 0 {
		fmt.Fprintln(os.Stderr, "load:", wrong.Load(), "wrong answers,", len(times), "right ones")
		os.Exit(1)
	}
	fmt.Printf("Answers: %d\nRequests/sec: %.4f\n", len(times), float64(len(times))/elapsed.Seconds())
	for _, percent := range []int{50, 95, 99} {
		fmt.Printf("%d%% in %.6f secs\n", percent, times[(len(times)-1)*percent/100].Seconds())
	}
}

func ask(client *http.Client, url string, n int64) error {
	response, err := client.Get(fmt.Sprintf("%s/?n=%d", url, n))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	name, price := fmt.Sprintf("order %d", n), fmt.Sprintf(" costs %.2f ", float64(n)/4)
	if response.StatusCode != http.StatusOK || !strings.HasPrefix(string(body), name) || !strings.Contains(string(body), price) {
		return fmt.Errorf("asked for %d: %s: %.200q", n, response.Status, body)
	}
	return nil
}
