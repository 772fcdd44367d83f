package inspector

import (
	"embed"
	"net/http"
	"path"
	"strings"
)

//go:embed page/index.html page/page.css page/icon.svg page/*.js
var files embed.FS

// serve answers by the last segment of the path, so that it does not matter where
// the inspector is mounted, and whether that was stripped.
func (i *Inspector) serve(w http.ResponseWriter, r *http.Request) {
	name := path.Base("/" + r.URL.Path)
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
	case strings.HasSuffix(r.URL.Path, "/"):
		http.ServeFileFS(w, r, files, "page/index.html")
	case r.URL.Path == "":
		redirectToFolder(w, r)
	case name == "list":
		i.streamList(w, r)
	case name == "call":
		i.streamCall(w, r)
	case name == "bundle":
		i.serveBundle(w, r)
	default:
		http.ServeFileFS(w, r, files, "page/"+name)
	}
}

// redirectToFolder is for an address without its last slash, to which what is
// relative on the page would not be. http.StripPrefix took the rest, which
// http.Redirect would need.
func redirectToFolder(w http.ResponseWriter, r *http.Request) {
	asked, _, _ := strings.Cut(r.RequestURI, "?")
	w.Header().Set("Location", "./"+path.Base(asked)+"/")
	w.WriteHeader(http.StatusFound)
}
