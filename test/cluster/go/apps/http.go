package main

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"
	"time"
)

// serveHTTP answers every path with the name of its pod, its address and the client's, after the number of milliseconds in ?ms. What it does on SIGTERM
// is what apps in the wild do: exit at once, finish what is in flight, or serve on for a while.
func serveHTTP(arguments []string) error {
	flags := flag.NewFlagSet("http", flag.ContinueOnError)
	listen := flags.String("listen", ":8080", "address")
	onTerm := flags.String("on-term", "exit", "exit, finish or serve")
	serveFor := flags.Duration("serve-for", 5*time.Second, "how long -on-term=serve goes on")
	startAfter := flags.Duration("start-after", 0, "how long it takes to start")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	time.Sleep(*startAfter)
	server := &http.Server{Addr: *listen, Handler: http.HandlerFunc(answer)}
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	select {
	case err := <-failed:
		return err
	case <-terminated():
	}
	switch *onTerm {
	case "exit":
		return nil
	case "serve":
		time.Sleep(*serveFor)
	}
	return server.Shutdown(context.Background())
}

func answer(response http.ResponseWriter, request *http.Request) {
	if pause, err := time.ParseDuration(request.URL.Query().Get("ms") + "ms"); err == nil {
		time.Sleep(pause)
	}
	name, _ := os.Hostname()
	local := request.Context().Value(http.LocalAddrContextKey)
	fmt.Fprintf(response, "%s %s at %v for %s\n", name, request.URL.Path, local, request.RemoteAddr)
}
