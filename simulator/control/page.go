package control

import (
	"embed"
	"net/http"
)

//go:embed page/index.html page/page.css page/page.js page/icon.svg openapi.json
var files embed.FS

// pageFiles are what the page is made of. Nothing else is fetched, from
// anywhere.
func pageFiles() map[string]string {
	return map[string]string{
		"/":         "page/index.html",
		"/page.css": "page/page.css",
		"/page.js":  "page/page.js",
		"/icon.svg": "page/icon.svg",
	}
}

func page() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		file, known := pageFiles()[r.URL.Path]
		switch {
		case !known:
			http.NotFound(w, r)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		default:
			http.ServeFileFS(w, r, files, file)
		}
	})
}

// describeAPI serves the description of the API, in OpenAPI 3.1.
func describeAPI(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	http.ServeFileFS(w, r, files, "openapi.json")
}
