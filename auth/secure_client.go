package auth

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// ErrPlainHTTP is returned instead of sending a token or a secret, or fetching a key, over anything but https.
var ErrPlainHTTP = errors.New("refused to use plain http: use an https URL")

const maxDocumentBytes = 1 << 20

// httpsOnly refuses plain http wherever it comes from: a configuration, a document, a redirect.
type httpsOnly struct {
	next http.RoundTripper
}

func (t httpsOnly) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.URL.Scheme == "https" {
		return t.next.RoundTrip(request)
	}
	if request.Body != nil {
		request.Body.Close()
	}
	return nil, ErrPlainHTTP
}

// secureClient is the user's client, or the default one, that only speaks https.
func secureClient(client *http.Client) *http.Client {
	secure := *cmp.Or(client, http.DefaultClient)
	if secure.Transport == nil {
		secure.Transport = http.DefaultTransport
	}
	secure.Transport = httpsOnly{next: secure.Transport}
	return &secure
}

// fetchDocument gets a JSON document. Its errors name the address and never hold what came back.
func fetchDocument(ctx context.Context, client *http.Client, address string, document any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return fmt.Errorf("fetch keys: %w", err)
	}
	request.Header.Set("Accept", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("fetch keys: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("fetch keys: %s answered with status %d", address, response.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxDocumentBytes))
	if err != nil {
		return fmt.Errorf("fetch keys: %s broke off: %w", address, err)
	}
	if json.Unmarshal(body, document) != nil {
		return fmt.Errorf("fetch keys: %s did not answer with the JSON document expected", address)
	}
	return nil
}
