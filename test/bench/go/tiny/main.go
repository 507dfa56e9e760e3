// A server that tells when things happened to it: it answers the first bytes of a connection with one JSON line {started, accepting, received}, in
// wall-clock milliseconds with fractions. Compiled, so that a cold start is Drowse's share and hardly anything else.
package main

import (
	"fmt"
	"log"
	"net"
	"os"
	"time"
)

func wallMs() float64 { return float64(time.Now().UnixNano()) / 1e6 }

// started is set when the program's own code begins to run.
var started = wallMs()

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Getenv("PORT"))
	if err != nil {
		log.Fatal(err)
	}
	accepting := wallMs()
	for {
		connection, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go answer(connection, accepting)
	}
}

func answer(connection net.Conn, accepting float64) {
	defer connection.Close()
	if _, err := connection.Read(make([]byte, 1024)); err != nil {
		return
	}
	fmt.Fprintf(connection, "{\"started\": %f, \"accepting\": %f, \"received\": %f}\n", started, accepting, wallMs())
}
