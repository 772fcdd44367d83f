package resources_test

import (
	"fmt"

	"github.com/graphcalls/graphcalls-go/resources"
)

// What has no field is kept, and written back.
func ExampleDecode() {
	call, err := resources.Decode[resources.Call]([]byte(`{"id":"5b2739c8","state":"established","mood":"sunny"}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	mood, _ := call.Property("mood")
	text, _ := resources.Encode(call)
	fmt.Println(call.State, string(mood))
	fmt.Println(string(text))
	// Output:
	// established "sunny"
	// {"id":"5b2739c8","state":"established","mood":"sunny"}
}

func ExampleDecodeNotifications() {
	batch, err := resources.DecodeNotifications([]byte(`{"value":[{
		"changeType": "updated",
		"resourceUrl": "/communications/calls/5b2739c8",
		"resourceData": {"@odata.type": "#microsoft.graph.call", "state": "established"}
	}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, n := range batch.Value {
		path, _ := n.Path()
		if call, ok := n.Data.(*resources.Call); ok {
			fmt.Println("call", path.CallID, "is", call.State)
		}
	}
	// Output: call 5b2739c8 is established
}

// Absent is not zero: FieldsOf tells which properties a text named.
func ExampleWire() {
	update, err := resources.Decode[resources.Call]([]byte(`{"subject":null,"state":"hold"}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%q %q\n", update.Subject, update.TenantID)
	fmt.Println(resources.FieldNames[resources.Call](resources.FieldsOf(update)))
	// Output:
	// "" ""
	// [state subject]
}

func ExampleIdentitySet() {
	caller := resources.IdentitySet{
		Phone: &resources.Identity{ID: "+14255550123"},
		Guest: &resources.Identity{DisplayName: "Diego Siciliani"},
	}
	for kind, identity := range caller.All() { // the first is the one to show
		fmt.Println(kind, identity.ID+identity.DisplayName)
	}
	fmt.Println(caller.DisplayName())
	// Output:
	// guest Diego Siciliani
	// phone +14255550123
	// Diego Siciliani
}

// Words that the platform adds later are kept as they are.
func ExampleKnown() {
	fmt.Println(resources.Known(resources.CallStateHold), resources.Known(resources.CallState("daydreaming")))
	// Output: true false
}

func ExampleNewMediaPrompt() {
	text, err := resources.Encode(resources.NewMediaPrompt("https://bot.contoso.com/welcome.wav"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(text))
	// Output: {"@odata.type":"#microsoft.graph.mediaPrompt","mediaInfo":{"@odata.type":"#microsoft.graph.mediaInfo","uri":"https://bot.contoso.com/welcome.wav"}}
}
