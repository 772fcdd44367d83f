package transport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// maxDownload bounds one download, in bytes: two minutes of sound are 4 MB.
const maxDownload = 64 << 20

// ErrUntrustedHost is returned for a download from a host that its token may not
// be sent to. Nothing was sent.
var ErrUntrustedHost = errors.New("transport: not a host to send a recording's token to")

// Download fetches a file of the platform's that has a token of its own, such
// as a recording, and writes it to w. The token is sent to that location alone,
// and only if it is https and at a host that may be trusted with it: the
// service's, or one in one of ClientOptions.DownloadHosts; for any other it
// returns ErrUntrustedHost. Redirects are not followed. It returns the bytes
// written; after an error some may have been.
func (c *Client) Download(ctx context.Context, location, token string, w io.Writer) (int64, error) {
	address, err := url.Parse(location)
	if err != nil || address.Scheme != "https" || address.Host == "" {
		return 0, errors.New("transport: the location of a download must be an https URL")
	}
	if !c.mayDownloadFrom(address) {
		return 0, fmt.Errorf("%w: %s; if it is the platform's, allow it", ErrUntrustedHost, address.Hostname())
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, location, http.NoBody)
	if err != nil {
		return 0, errors.New("transport: the location of a download must be an https URL")
	}
	request.Header.Set("Authorization", "Bearer "+token)
	reply, err := c.plain.Do(request)
	if err != nil {
		return 0, fmt.Errorf("transport: download: %w", withoutURL(err))
	}
	defer reply.Body.Close()
	if reply.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("transport: download: the platform answered %d", reply.StatusCode)
	}
	written, err := io.Copy(w, io.LimitReader(reply.Body, maxDownload+1))
	if err == nil && written > maxDownload {
		err = errors.New("more than a recording can be")
	}
	if err != nil {
		return written, fmt.Errorf("transport: download: %w", withoutURL(err))
	}
	return written, nil
}

func (c *Client) mayDownloadFrom(address *url.URL) bool {
	if address.Host == c.base.Host {
		return true
	}
	host := strings.ToLower(address.Hostname())
	for _, trusted := range c.downloadHosts {
		trusted = strings.ToLower(strings.TrimPrefix(trusted, "."))
		if host == trusted || strings.HasSuffix(host, "."+trusted) {
			return true
		}
	}
	return false
}
