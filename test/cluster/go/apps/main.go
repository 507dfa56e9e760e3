// Command apps is what runs in the pods of the test cluster, and what asks them: tiny programs in one static binary, picked by the first argument.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"sort"
	"strings"
	"syscall"
)

var programs = map[string]func(arguments []string) error{
	"echo":      serveEcho,
	"extension": serveExtension,
	"get":       get,
	"http":      serveHTTP,
	"lookup":    lookup,
	"pause":     pause,
	"websocket": serveWebSocket,
}

func main() {
	if len(os.Args) < 2 || programs[os.Args[1]] == nil {
		names := make([]string, 0, len(programs))
		for name := range programs {
			names = append(names, name)
		}
		sort.Strings(names)
		fmt.Fprintf(os.Stderr, "usage: apps %s ARGUMENTS\n", strings.Join(names, "|"))
		os.Exit(2)
	}
	if err := programs[os.Args[1]](os.Args[2:]); err != nil {
		fmt.Fprintf(os.Stderr, "apps %s: %v\n", os.Args[1], err)
		os.Exit(1)
	}
}

// pause keeps the namespaces of a pod. Orphans of a pod with shared processes are its children; to ignore SIGCHLD has the kernel reap them.
func pause([]string) error {
	signal.Ignore(syscall.SIGCHLD)
	<-terminated()
	return nil
}

func terminated() <-chan os.Signal {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	return signals
}
