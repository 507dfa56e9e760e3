package main

import (
	"flag"
	"io"
	"net"
)

// serveEcho sends back what comes, byte for byte, and closes when the client has.
func serveEcho(arguments []string) error {
	flags := flag.NewFlagSet("echo", flag.ContinueOnError)
	listen := flags.String("listen", ":7777", "address")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		return err
	}
	go acceptEchoes(listener)
	<-terminated()
	return nil
}

func acceptEchoes(listener net.Listener) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer connection.Close()
			_, _ = io.Copy(connection, connection)
		}()
	}
}
