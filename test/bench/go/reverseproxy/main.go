// A tuned net/http/httputil.ReverseProxy: the reference for the CPU that one proxied HTTP/1.1 request may cost.
package main

import (
	"flag"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync"
	"time"
)

// buffers lends copy buffers, so that the reference does not pay for garbage.
type buffers struct{ pool sync.Pool }

func (b *buffers) Get() []byte  { return *(b.pool.Get().(*[]byte)) }
func (b *buffers) Put(x []byte) { b.pool.Put(&x) }

func newBuffers() *buffers {
	return &buffers{sync.Pool{New: func() any { x := make([]byte, 32<<10); return &x }}}
}

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "address to listen on")
	upstream := flag.String("upstream", "", "URL of the back end")
	flag.Parse()
	target, err := url.Parse(*upstream)
	if err != nil {
		log.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Host = r.In.Host
			r.Out.Header["X-Forwarded-For"] = r.In.Header["X-Forwarded-For"]
			r.SetXForwarded()
		},
		Transport:  &http.Transport{MaxIdleConnsPerHost: 1024, IdleConnTimeout: 10 * time.Minute, DisableCompression: true},
		ErrorLog:   log.New(io.Discard, "", 0),
		BufferPool: newBuffers(),
	}
	server := &http.Server{Addr: *listen, Handler: proxy, ErrorLog: log.New(io.Discard, "", 0), ReadHeaderTimeout: 10 * time.Second}
	log.Fatal(server.ListenAndServe())
}
