package main

import (
	"bufio"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"flag"
	"fmt"
	"io"
	"net/http"
)

// The key of RFC 6455, section 1.3.
const webSocketKey = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

const (
	closeFrame = 0x8
	pingFrame  = 0x9
	pongFrame  = 0xA
)

// serveWebSocket sends back every message of a WebSocket, answers pings, and closes when asked.
func serveWebSocket(arguments []string) error {
	flags := flag.NewFlagSet("websocket", flag.ContinueOnError)
	listen := flags.String("listen", ":8080", "address")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	failed := make(chan error, 1)
	go func() { failed <- http.ListenAndServe(*listen, http.HandlerFunc(upgrade)) }()
	select {
	case err := <-failed:
		return err
	case <-terminated():
		return nil
	}
}

func upgrade(response http.ResponseWriter, request *http.Request) {
	key := request.Header.Get("Sec-WebSocket-Key")
	if key == "" {
		http.Error(response, "a WebSocket is served here", http.StatusUpgradeRequired)
		return
	}
	connection, stream, err := http.NewResponseController(response).Hijack()
	if err != nil {
		return
	}
	defer connection.Close()
	sum := sha1.Sum([]byte(key + webSocketKey))
	fmt.Fprintf(stream, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
		base64.StdEncoding.EncodeToString(sum[:]))
	for stream.Flush() == nil {
		if done, err := echoFrame(stream); err != nil || done {
			_ = stream.Flush()
			return
		}
	}
}

// echoFrame reads one frame and writes its answer: the same frame, unmasked. True when that was a closing one.
func echoFrame(stream *bufio.ReadWriter) (bool, error) {
	head := make([]byte, 2)
	if _, err := io.ReadFull(stream, head); err != nil {
		return false, err
	}
	size, err := payloadSize(stream, head[1]&0x7F)
	if err != nil || size > 1<<20 {
		return false, fmt.Errorf("a frame of %d bytes: %v", size, err)
	}
	body := make([]byte, 4+size) // the mask and the payload
	if _, err := io.ReadFull(stream, body); err != nil {
		return false, err
	}
	for index := range body[4:] {
		body[4+index] ^= body[index%4]
	}
	kind := head[0] & 0xF
	if kind == pingFrame {
		head[0] = head[0]&0xF0 | pongFrame
	}
	if kind != pongFrame {
		writeFrame(stream, head[0], body[4:])
	}
	return kind == closeFrame, nil
}

func payloadSize(stream io.Reader, short byte) (uint64, error) {
	switch short {
	case 126:
		var size uint16
		err := binary.Read(stream, binary.BigEndian, &size)
		return uint64(size), err
	case 127:
		var size uint64
		err := binary.Read(stream, binary.BigEndian, &size)
		return size, err
	}
	return uint64(short), nil
}

func writeFrame(stream *bufio.ReadWriter, first byte, payload []byte) {
	head := []byte{first, byte(len(payload))}
	switch {
	case len(payload) > 0xFFFF:
		head = binary.BigEndian.AppendUint64([]byte{first, 127}, uint64(len(payload)))
	case len(payload) > 125:
		head = binary.BigEndian.AppendUint16([]byte{first, 126}, uint16(len(payload)))
	}
	_, _ = stream.Write(append(head, payload...))
}
