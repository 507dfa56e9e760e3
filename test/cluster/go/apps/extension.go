package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"net/http"
	"os"
	"strings"
)

// serveExtension is both ways in which an API server calls out, over TLS: an aggregated API (group stub.test) that answers only the front proxy's
// certificate, and a validating webhook at /validate that refuses every object whose name begins with "forbidden".
func serveExtension(arguments []string) error {
	flags := flag.NewFlagSet("extension", flag.ContinueOnError)
	listen := flags.String("listen", ":8443", "address")
	certificate := flags.String("certificate", "/tls/tls.crt", "")
	key := flags.String("key", "/tls/tls.key", "")
	frontProxyCA := flags.String("front-proxy-ca", "/tls/front-proxy-ca.crt", "who may call the aggregated API")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	authority, err := os.ReadFile(*frontProxyCA)
	if err != nil {
		return err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(authority) {
		return errors.New("no certificate in " + *frontProxyCA)
	}
	server := &http.Server{
		Addr:      *listen,
		Handler:   extensionRoutes(),
		TLSConfig: &tls.Config{ClientAuth: tls.VerifyClientCertIfGiven, ClientCAs: pool},
	}
	return server.ListenAndServeTLS(*certificate, *key)
}

func extensionRoutes() http.Handler {
	routes := http.NewServeMux()
	routes.HandleFunc("/validate", validate)
	routes.HandleFunc("/apis/stub.test/v1", aggregated(func(*http.Request) any {
		return map[string]any{"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "stub.test/v1", "resources": []any{}}
	}))
	routes.HandleFunc("/apis/stub.test/v1/whoami", aggregated(func(request *http.Request) any {
		return map[string]any{"user": request.Header.Get("X-Remote-User"), "groups": request.Header.Values("X-Remote-Group")}
	}))
	return routes
}

func aggregated(answer func(*http.Request) any) http.HandlerFunc {
	return func(response http.ResponseWriter, request *http.Request) {
		if len(request.TLS.VerifiedChains) == 0 {
			http.Error(response, "only the front proxy may call", http.StatusUnauthorized)
			return
		}
		writeJSON(response, answer(request))
	}
}

func validate(response http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(request.Body)
	var review struct {
		Request struct {
			UID    string `json:"uid"`
			Object struct {
				Metadata struct {
					Name string `json:"name"`
				} `json:"metadata"`
			} `json:"object"`
		} `json:"request"`
	}
	if err != nil || json.Unmarshal(body, &review) != nil {
		http.Error(response, "not an AdmissionReview", http.StatusBadRequest)
		return
	}
	answer := map[string]any{"uid": review.Request.UID, "allowed": true}
	if strings.HasPrefix(review.Request.Object.Metadata.Name, "forbidden") {
		answer["allowed"] = false
		answer["status"] = map[string]any{"message": "the webhook of the test forbids this name"}
	}
	writeJSON(response, map[string]any{"kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1", "response": answer})
}

func writeJSON(response http.ResponseWriter, value any) {
	response.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(response).Encode(value)
}
