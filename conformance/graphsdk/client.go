package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"

	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoft/kiota-abstractions-go/authentication"
	"github.com/microsoft/kiota-abstractions-go/serialization"
	"github.com/microsoft/kiota-abstractions-go/store"
	kiotahttp "github.com/microsoft/kiota-http-go"
	kiotajson "github.com/microsoft/kiota-serialization-json-go"
	kiotatext "github.com/microsoft/kiota-serialization-text-go"
	core "github.com/microsoftgraph/msgraph-sdk-go-core"
	"github.com/microsoftgraph/msgraph-sdk-go/communications"
	"github.com/microsoftgraph/msgraph-sdk-go/users"

	"github.com/graphcalls/graphcalls-go/simulator"
)

// sdkVersion is in go.mod too; it goes into a header.
const sdkVersion = "1.89.0"

// graph is Microsoft's client, put together as its NewGraphServiceClient does,
// but for the parts of Graph that have nothing to do with calls: those take
// many times as long to compile.
type graph struct {
	adapter    *core.GraphRequestAdapterBase
	parameters map[string]string
}

func newGraph(platform *simulator.Platform, bot *simulator.Bot) (*graph, error) {
	options := core.GraphClientOptions{GraphServiceLibraryVersion: sdkVersion}
	client := kiotahttp.GetDefaultClient()
	client.Transport = kiotahttp.NewCustomTransportWithParentTransport(
		platform.Client().Transport, core.GetDefaultMiddlewaresWithOptions(&options)...)
	provider := authentication.NewBaseBearerTokenAuthenticationProvider(&clientCredentials{platform: platform, bot: bot})
	adapter, err := core.NewGraphRequestAdapterBaseWithParseNodeFactoryAndSerializationWriterFactoryAndHttpClient(
		provider, options, nil, nil, client)
	if err != nil {
		return nil, err
	}
	abstractions.RegisterDefaultSerializer(func() serialization.SerializationWriterFactory {
		return kiotajson.NewJsonSerializationWriterFactory()
	})
	abstractions.RegisterDefaultDeserializer(func() serialization.ParseNodeFactory { return kiotajson.NewJsonParseNodeFactory() })
	abstractions.RegisterDefaultDeserializer(func() serialization.ParseNodeFactory { return kiotatext.NewTextParseNodeFactory() })
	adapter.SetBaseUrl(platform.ServiceBaseURL())
	adapter.EnableBackingStore(store.BackingStoreFactoryInstance)
	return &graph{adapter, map[string]string{"baseurl": adapter.GetBaseUrl()}}, nil
}

func (g *graph) communications() *communications.CommunicationsRequestBuilder {
	return communications.NewCommunicationsRequestBuilderInternal(g.parameters, g.adapter)
}

func (g *graph) calls() *communications.CallsRequestBuilder { return g.communications().Calls() }

func (g *graph) call(id string) *communications.CallsCallItemRequestBuilder {
	return g.calls().ByCallId(id)
}

func (g *graph) meetings(of *simulator.Person) *users.ItemOnlineMeetingsRequestBuilder {
	return users.NewUsersRequestBuilderInternal(g.parameters, g.adapter).ByUserId(of.ID).OnlineMeetings()
}

// offered are the operations below communications/calls the client has.
func (g *graph) offered() []operation {
	var found []operation
	walk(reflect.ValueOf(g.calls()), &found)
	return found
}

// walk collects the operations of a request builder and of those it leads to.
func walk(builder reflect.Value, found *[]operation) {
	for method, function := range builder.Methods() {
		name, signature := method.Name, function.Type()
		switch {
		case slices.Contains([]string{"Get", "Post", "Patch", "Put", "Delete"}, name):
			*found = append(*found, operation{method: strings.ToUpper(name), path: template(builder)})
		case strings.HasPrefix(name, "By"):
			walk(function.Call([]reflect.Value{reflect.ValueOf("any")})[0], found)
		case signature.NumIn() == 0 && signature.NumOut() == 1 && strings.HasSuffix(signature.Out(0).String(), "RequestBuilder"):
			walk(function.Call(nil)[0], found)
		}
	}
}

var (
	query     = regexp.MustCompile(`\{\?[^}]*\}`)
	parameter = regexp.MustCompile(`\{[^}]*\}`)
)

// template is the path of a request builder, as an operation has it.
func template(builder reflect.Value) string {
	text := builder.Elem().FieldByName("UrlTemplate").String()
	text = strings.TrimPrefix(query.ReplaceAllString(text, ""), "{+baseurl}")
	return parameter.ReplaceAllString(text, "{id}")
}

// clientCredentials gets tokens from the authority as a bot does, one for each
// request.
type clientCredentials struct {
	platform *simulator.Platform
	bot      *simulator.Bot
}

// GetAllowedHostsValidator is of no use to who sends tokens to one host only.
func (c *clientCredentials) GetAllowedHostsValidator() *authentication.AllowedHostsValidator {
	return &authentication.AllowedHostsValidator{}
}

// GetAuthorizationToken asks the authority for a token.
func (c *clientCredentials) GetAuthorizationToken(ctx context.Context, _ *url.URL, _ map[string]any) (string, error) {
	form := url.Values{
		"grant_type": {"client_credentials"}, "client_id": {c.bot.AppID}, "client_secret": {c.bot.Secret},
		"scope": {"https://graph.microsoft.com/.default"},
	}
	address := c.platform.AuthorityURL() + "/" + c.bot.TenantID + "/oauth2/v2.0/token"
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := c.platform.Client().Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	var granted struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.NewDecoder(response.Body).Decode(&granted); err != nil || granted.AccessToken == "" {
		return "", fmt.Errorf("the authority granted no token: %s", response.Status)
	}
	return granted.AccessToken, nil
}
